package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;

/** {@code nlmctl locks}: who holds what. */
@Command(name = "locks", description = "Lists the locks that are held.")
final class LocksCommand extends ListCommand {
    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        LockTableView table = new LockTableView(out);
        daemon.held(wanted, table::line);
        table.end();
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array("locks");
        daemon.held(wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
