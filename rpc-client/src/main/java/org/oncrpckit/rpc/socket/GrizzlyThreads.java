package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.SelectorHandler;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/** Starting and ending Grizzly's selector threads, and what both transports do on them. */
final class GrizzlyThreads {
    /** How long a close waits for a selector thread at most, before it leaves it to itself. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private GrizzlyThreads() {}

    /** Threads for a transport: as many as selectors, daemons, named after the transport. */
    static ThreadPoolConfig pool(String name, int threads) {
        return ThreadPoolConfig.defaultConfig()
                .setPoolName("oncrpckit-" + name.toLowerCase(Locale.ROOT))
                .setCorePoolSize(threads)
                .setMaxPoolSize(threads)
                .setDaemon(true);
    }

    static boolean isThreadOf(SelectorRunner runner) {
        return Thread.currentThread() == runner.getRunnerThread();
    }

    /**
     * Waits until the descriptors of channels closed before are really closed: the JDK keeps that
     * of a registered channel, and its port, until its selector has looked.
     *
     * <p>On a selector thread it waits for nothing.
     */
    static void awaitRelease(NIOTransport transport, SelectorRunner runner) {
        CountDownLatch released = new CountDownLatch(1);
        SelectorHandler.Task task =
                () -> {
                    // Between two selections, so nobody walks through the selected keys. It may
                    // swallow a wake-up that Grizzly counts on: that is given back.
                    runner.getSelector().selectNow();
                    runner.getSelector().wakeup();
                    return true;
                };
        var whenDone =
                new EmptyCompletionHandler<SelectorHandler.Task>() {
                    @Override
                    public void completed(SelectorHandler.Task result) {
                        released.countDown();
                    }

                    @Override
                    public void failed(Throwable failure) {
                        released.countDown();
                    }
                };
        transport.getSelectorHandler().enque(runner, task, whenDone);
        if (!isThreadOf(runner)) {
            await(() -> released.await(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Ends the threads, and waits for them unless called on one of them. */
    static void shutDown(NIOTransport transport) {
        ExecutorService threads = transport.getKernelThreadPool();
        boolean own = Thread.currentThread().getName().startsWith(nameOf(transport));
        try {
            transport.shutdownNow();
        } catch (IOException e) {
            throw new IllegalStateException("Grizzly cannot be shut down", e);
        }
        if (!own) {
            await(() -> threads.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private static String nameOf(NIOTransport transport) {
        return transport.getKernelThreadPoolConfig().getPoolName();
    }

    private interface Wait {
        boolean run() throws InterruptedException;
    }

    private static void await(Wait wait) {
        boolean interrupted = false;
        try {
            wait.run();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
