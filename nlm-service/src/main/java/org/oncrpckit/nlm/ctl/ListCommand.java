package org.oncrpckit.nlm.ctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that lists something: line by line as it comes, whatever the number. */
abstract class ListCommand extends DaemonCommand {
    private static final int BUFFER_BYTES = 1 << 16;

    @Mixin private FilterOptions filter = new FilterOptions();

    @Option(names = "--json", order = 90, description = "Print JSON for programs.")
    private boolean json;

    /** Shows what fits the filter. */
    abstract void show(AdminClient daemon, ListFilter wanted, PrintStream out)
            throws RpcException, InterruptedException;

    /** The same for programs. */
    abstract void show(AdminClient daemon, ListFilter wanted, JsonWriter out)
            throws RpcException, InterruptedException;

    @Override
    void check() {
        filter.toFilter(this);
    }

    @Override
    final int run(AdminClient daemon) throws RpcException, InterruptedException {
        // System.out flushes each line; a million of them should not take a million writes.
        try (PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(
                                new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                        false,
                        StandardCharsets.UTF_8)) {
            if (json) {
                JsonWriter writer = new JsonWriter(out);
                show(daemon, filter.toFilter(this), writer);
                out.println();
            } else {
                show(daemon, filter.toFilter(this), out);
            }
        }
        return 0;
    }
}
