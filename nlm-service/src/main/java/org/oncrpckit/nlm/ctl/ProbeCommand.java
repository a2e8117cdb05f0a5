package org.oncrpckit.nlm.ctl;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ProbeReply;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nlmctl probe}: can the daemon call this client back? */
@Command(
        name = "probe",
        description =
                "Has the daemon try to reach a client's rpcbind and lock manager over UDP and TCP,"
                        + " as it would to grant a lock; says what is in the way.")
final class ProbeCommand extends DaemonCommand {
    private static final String FORMAT = "%-5s  %-8s  %-7s  %-28s  %-12s  %6s  %s%n";

    @Parameters(paramLabel = "ADDRESS", description = "Of the client, as 'nlmctl hosts' shows it.")
    private String host = "";

    @Option(names = "--json", order = 90, description = "Print JSON for programs.")
    private boolean json;

    @Override
    void check() {
        if (!InetAddresses.isInetAddress(host)) {
            throw usage("'" + host + "' is no address: give one that 'nlmctl hosts' shows");
        }
    }

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        ProbeReply reply = daemon.probe(host);
        if (json) {
            print(new JsonWriter(System.out), reply);
            System.out.println();
        } else {
            print(reply);
        }
        return reply.reachable() ? 0 : NO;
    }

    private static void print(ProbeReply reply) {
        System.out.printf(
                FORMAT, "OVER", "WHOM", "VERSION", "ADDRESS", "OUTCOME", "TIME", "DETAIL");
        for (ProbeReply.Step step : reply.steps()) {
            System.out.printf(
                    FORMAT,
                    step.transport(),
                    text(step.target()),
                    step.version() == 0 ? "-" : step.version(),
                    step.address(),
                    text(step.outcome()),
                    step.millis() + "ms",
                    step.detail());
        }
        System.out.println(reply.verdict());
    }

    private static void print(JsonWriter out, ProbeReply reply) {
        out.object().field("reachable", reply.reachable()).field("verdict", reply.verdict());
        out.array("steps");
        for (ProbeReply.Step step : reply.steps()) {
            out.object().field("transport", step.transport()).field("target", text(step.target()));
            out.field("version", step.version());
            out.field("address", step.address()).field("outcome", text(step.outcome()));
            out.field("millis", step.millis()).field("detail", step.detail()).endObject();
        }
        out.endArray().endObject();
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
