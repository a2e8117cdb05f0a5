package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.nlm.admin.OwnerLine;
import org.oncrpckit.nlm.admin.WaitLine;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nlmctl graph}: who waits for whom. */
@Command(
        name = "graph",
        description = "Shows who waits for whom, and why; the filters are for those who wait.")
final class GraphCommand extends ListCommand {
    private static final String FORMAT = "%-40s  %-20s  %-40s  %-6s  %-20s  %s%n";

    @Option(
            names = "--dot",
            order = 91,
            description = "Print Graphviz DOT: nlmctl graph --dot | dot -Tsvg.")
    private boolean dot;

    @Override
    void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException {
        if (dot) {
            DotGraph graph = new DotGraph(out);
            daemon.graph(wanted, graph::edge);
            graph.end();
            return;
        }
        out.printf(FORMAT, "WAITER", "WANTS", "BLOCKED BY", "WHICH", "BYTES", "FILE");
        daemon.graph(wanted, line -> line(out, line));
    }

    private static void line(PrintStream out, WaitLine line) {
        out.printf(
                FORMAT,
                owner(line.waiter().who()),
                line.waiter().range() + mark(line.waiter().exclusive()),
                owner(line.blocker()),
                line.held() ? "holds" : "queues",
                line.range() + mark(line.exclusive()),
                FileName.text(line.waiter().file()));
    }

    private static String owner(OwnerLine who) {
        return who.id() + " " + who.host() + " " + LockTableView.name(who);
    }

    private static String mark(boolean exclusive) {
        return exclusive ? " EX" : " SH";
    }

    @Override
    void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException {
        out.object().array("edges");
        daemon.graph(wanted, line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
