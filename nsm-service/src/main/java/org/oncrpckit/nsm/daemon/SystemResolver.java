package org.oncrpckit.nsm.daemon;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.nsm.NameResolver;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Looks up names that local services want monitored as the system does. Nobody else's names come
 * here. Literals are answered at once; names wait for a few threads, and beyond a limit fail.
 */
final class SystemResolver implements NameResolver, AutoCloseable {
    private static final int THREADS_MAX = 4;
    private static final int WAITING_MAX = 1024;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    THREADS_MAX,
                    THREADS_MAX,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING_MAX),
                    task -> {
                        Thread thread = new Thread(task, "nsmd-names");
                        thread.setDaemon(true);
                        return thread;
                    });

    SystemResolver() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(HostName name) {
        Optional<InetAddress> literal = name.address();
        if (literal.isPresent()) {
            return CompletableFuture.completedFuture(List.of(literal.get()));
        }
        try {
            return CompletableFuture.supplyAsync(() -> lookUp(name), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<InetAddress> lookUp(HostName name) {
        String text = name.toString();
        // An empty name is the loopback address to the JDK; an escaped one is no name at all.
        if (text.isEmpty() || text.indexOf('%') >= 0) {
            return List.of();
        }
        try {
            return List.of(InetAddress.getAllByName(text));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
