package org.oncrpckit.rpc.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What this process holds, for tests that nothing is left behind and nothing grows. */
public final class HeldResources {
    private HeldResources() {}

    /** The threads that run now. */
    public static Set<Thread> threads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    /** Names of the threads that run now and did not before; those that wait for a test aside. */
    public static List<String> threadsSince(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility"))
                .toList();
    }

    /** Descriptors of sockets, and of what selectors are made of; Linux only. */
    public static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(HeldResources::isOfTheNetwork).count();
        } catch (IOException e) {
            throw new AssertionError("descriptors cannot be listed", e);
        }
    }

    private static boolean isOfTheNetwork(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().matches("(socket|anon_inode).*");
        } catch (IOException e) {
            // Closed meanwhile: the descriptor of the listing itself, for one.
            return false;
        }
    }

    /** Bytes of heap in use, once what is garbage has been collected. */
    public static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            runtime.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
