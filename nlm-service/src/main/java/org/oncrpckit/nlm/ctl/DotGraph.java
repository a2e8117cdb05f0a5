package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.oncrpckit.nlm.admin.OwnerLine;
import org.oncrpckit.nlm.admin.WaitLine;

/**
 * Who waits for whom in Graphviz's language: an owner is a node, a solid edge leads to who holds
 * what is waited for, a dashed one to who is ahead in the queue.
 */
final class DotGraph {
    private final PrintStream out;
    private final Set<String> nodes = new HashSet<>();

    DotGraph(PrintStream out) {
        this.out = out;
        out.println("digraph waits {");
        out.println("  node [shape=box];");
    }

    void edge(WaitLine line) {
        node(line.waiter().who());
        node(line.blocker());
        out.printf(
                "  %s -> %s [label=%s%s];%n",
                quoted(line.waiter().who().id()),
                quoted(line.blocker().id()),
                quoted(
                        FileName.text(line.waiter().file()),
                        line.waiter().range() + " " + line.waiter().mode()),
                line.held() ? "" : ", style=dashed");
    }

    void end() {
        out.println("}");
    }

    private void node(OwnerLine who) {
        if (nodes.add(who.id())) {
            out.printf(
                    "  %s [label=%s];%n",
                    quoted(who.id()), quoted(who.host() + " " + who.name(), who.id()));
        }
    }

    /** Lines of a label; what clients choose is printable ASCII here, and may have quotes. */
    private static String quoted(String... lines) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < lines.length; i++) {
            text.append(i == 0 ? "" : "\\n");
            text.append(lines[i].replace("\\", "\\\\").replace("\"", "\\\""));
        }
        return text.append('"').toString();
    }
}
