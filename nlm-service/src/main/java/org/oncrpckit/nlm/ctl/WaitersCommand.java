package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;

/** {@code nlmctl waiters}: who waits for what. */
@Command(name = "waiters", description = "Lists the requests that wait, in order of arrival.")
final class WaitersCommand extends ListCommand {
    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        LockTableView table = new LockTableView(out);
        daemon.waiting(wanted, table::line);
        table.end();
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array("waiters");
        daemon.waiting(wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
