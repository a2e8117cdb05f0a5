package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.nlm.admin.DaemonStatus.Counter;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nlmctl status}: how the daemon does. */
@Command(
        name = "status",
        description = "Counts of locks, waiters and hosts; ports; grace; what has been done.")
final class StatusCommand extends DaemonCommand {
    @Option(names = "--json", order = 90, description = "Print JSON for programs.")
    private boolean json;

    @Option(
            names = "--counters",
            order = 91,
            description = "Print all counters and limits too (JSON always has them).")
    private boolean counters;

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        DaemonStatus status = daemon.status();
        if (json) {
            print(new JsonWriter(System.out), status);
            System.out.println();
            return 0;
        }
        line("up", Ages.text(status.uptimeSeconds()));
        line("addresses", String.join(" ", status.service().addresses()));
        line("nlm port", status.service().nlmPort());
        line("nsm port", status.service().nsmPort());
        line("rpcbind", status.service().rpcbind());
        line("nsm state", Integer.toUnsignedString(status.recovery().nsmState()));
        line("grace left", status.recovery().graceSecondsLeft() + " s");
        line("reclaims", status.recovery().reclaims());
        line("to notify", status.recovery().hostsToNotify());
        line("locks", status.counts().locks());
        line("waiters", status.counts().waiters());
        line("shares", status.counts().shares());
        line("hosts", status.counts().hosts());
        line("unacknowledged grants", status.counts().unacknowledged());
        line("unconfirmed grants", status.counts().unconfirmed());
        for (Counter each : status.counters()) {
            boolean refused =
                    (each.name().endsWith(".reached") || each.name().equals("reclaims.refused"))
                            && each.value() > 0;
            if (counters || refused) {
                line(each.name(), each.value());
            }
        }
        return 0;
    }

    private static void line(String name, Object value) {
        PrintStream out = System.out;
        out.printf("%-24s%s%n", name, value);
    }

    private static void print(JsonWriter out, DaemonStatus status) {
        out.object().field("uptimeSeconds", status.uptimeSeconds());
        DaemonStatus.Service service = status.service();
        out.array("addresses");
        service.addresses().forEach(out::element);
        out.endArray().field("nlmPort", service.nlmPort()).field("nsmPort", service.nsmPort());
        out.field("rpcbind", service.rpcbind());
        DaemonStatus.Recovery recovery = status.recovery();
        out.field("nsmState", Integer.toUnsignedLong(recovery.nsmState()));
        out.field("graceSecondsLeft", recovery.graceSecondsLeft());
        out.field("reclaims", recovery.reclaims());
        out.field("hostsToNotify", recovery.hostsToNotify());
        DaemonStatus.Counts counts = status.counts();
        out.field("locks", counts.locks()).field("waiters", counts.waiters());
        out.field("shares", counts.shares()).field("hosts", counts.hosts());
        out.field("unacknowledged", counts.unacknowledged());
        out.field("unconfirmed", counts.unconfirmed()).object("counters");
        status.counters().forEach(each -> out.field(each.name(), each.value()));
        out.endObject().endObject();
    }
}
