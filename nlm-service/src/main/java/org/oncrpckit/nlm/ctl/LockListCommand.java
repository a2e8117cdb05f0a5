package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import java.util.function.Consumer;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.nlm.admin.LockLine;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;

/** A list of locks, held or waited for: two commands that differ in what they ask for. */
abstract class LockListCommand extends ListCommand {
    private final String name;
    private final Source source;

    private LockListCommand(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    /** What is asked for. */
    private interface Source {
        void list(AdminClient daemon, ListFilter wanted, Consumer<LockLine> lines)
                throws RpcException, InterruptedException;
    }

    /** {@code nlmctl locks}: who holds what. */
    @Command(name = "locks", description = "Lists the locks that are held.")
    static final class Held extends LockListCommand {
        Held() {
            super("locks", AdminClient::held);
        }
    }

    /** {@code nlmctl waiters}: who waits for what. */
    @Command(name = "waiters", description = "Lists the requests that wait, in order of arrival.")
    static final class Waiting extends LockListCommand {
        Waiting() {
            super("waiters", AdminClient::waiting);
        }
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        LockTableView table = new LockTableView(out);
        source.list(daemon, wanted, table::line);
        table.end();
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array(name);
        source.list(daemon, wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
