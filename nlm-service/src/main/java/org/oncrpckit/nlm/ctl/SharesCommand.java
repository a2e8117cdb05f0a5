package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;

/** {@code nlmctl shares}: who has reserved what. */
@Command(name = "shares", description = "Lists the share reservations (DOS share modes).")
final class SharesCommand extends ListCommand {
    private static final String FORMAT = "%-6s  %-6s  %5s  %5s  %-15s  %-20s  %-16s  %s%n";

    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        out.printf(FORMAT, "ACCESS", "DENY", "COUNT", "AGE", "HOST", "NAME", "OWNER", "FILE");
        daemon.shares(
                wanted,
                line ->
                        out.printf(
                                FORMAT,
                                line.access(),
                                line.deny(),
                                line.count(),
                                Ages.text(line.ageSeconds()),
                                line.who().host(),
                                LockTableView.name(line.who()),
                                line.who().id(),
                                FileName.text(line.file())));
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array("shares");
        daemon.shares(wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
