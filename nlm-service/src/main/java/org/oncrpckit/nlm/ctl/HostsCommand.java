package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.HostLine;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;

/** {@code nlmctl hosts}: the clients. */
@Command(
        name = "hosts",
        description =
                "Lists the client hosts: what they have, and grants that they have not confirmed"
                        + " (of the filters, --host counts).")
final class HostsCommand extends ListCommand {
    private static final String FORMAT = "%-15s  %-20s  %10s  %-3s  %7s  %7s  %6s  %6s  %5s  %s%n";

    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        out.printf(
                FORMAT, "HOST", "NAME", "STATE", "MON", "LOCKS", "WAITERS", "SHARES", "UNACK",
                "IDLE", "WAYS");
        boolean[] doubts = {false};
        daemon.hosts(
                wanted,
                line -> {
                    doubts[0] |= line.use().unconfirmed() > 0;
                    line(out, line);
                });
        if (doubts[0]) {
            out.println(
                    "?  so many grants by call-back are not confirmed: 'nlmctl locks' marks them");
        }
    }

    private static void line(PrintStream out, HostLine line) {
        HostLine.Use use = line.use();
        out.printf(
                FORMAT,
                line.host(),
                line.name().isEmpty() ? "-" : line.name(),
                line.nsmState() == 0 ? "-" : Integer.toUnsignedString(line.nsmState()),
                line.monitored() ? "yes" : "no",
                use.locks(),
                use.waiters(),
                use.shares(),
                use.unacknowledged() + (use.unconfirmed() > 0 ? "+" + use.unconfirmed() + "?" : ""),
                Ages.text(line.idleSeconds()),
                String.join(" ", line.ways())
                        + (line.aliases().isEmpty()
                                ? ""
                                : " also " + String.join(" ", line.aliases())));
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array("hosts");
        daemon.hosts(wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
