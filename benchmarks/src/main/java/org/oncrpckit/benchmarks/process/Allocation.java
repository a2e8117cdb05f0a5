package org.oncrpckit.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Watches how much another JVM's threads allocate. */
public final class Allocation implements AutoCloseable {
    private final Child watcher;

    private Allocation(Child watcher) {
        this.watcher = watcher;
    }

    /**
     * Of the process with this number.
     *
     * @param enter command that runs another in the network of that process; empty for this one's
     * @param logs folder for what goes wrong
     */
    public static Allocation of(long pid, List<String> enter, Path logs)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(enter);
        command.addAll(JavaCommand.of(AllocationWatch.class, pid));
        return new Allocation(Child.start("allocation-watch", logs, command));
    }

    /** Bytes that the threads that live now have allocated so far. */
    public long bytes() throws IOException, InterruptedException {
        return Long.parseLong(watcher.ask("bytes"));
    }

    @Override
    public void close() {
        watcher.close();
    }
}
