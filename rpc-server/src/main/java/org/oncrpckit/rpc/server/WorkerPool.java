package org.oncrpckit.rpc.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one program and the queue in front of them. The queue has a nominal length; it is
 * exceeded only by calls that a connection had delivered already when it was told to stop reading,
 * so by at most what one read of each connection brings.
 */
final class WorkerPool {
    /** Idle threads end after this time. */
    private static final long KEEP_ALIVE_SECONDS = 60;

    private final ThreadPoolExecutor threads;
    private final int queueMax;
    private final AtomicInteger queued = new AtomicInteger();

    WorkerPool(String programName, HandlerPlacement.Workers placement) {
        AtomicInteger count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        placement.threads(),
                        placement.threads(),
                        KEEP_ALIVE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(
                                            task,
                                            "rpc-" + programName + "-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        threads.allowCoreThreadTimeOut(true);
        queueMax = placement.queueMax();
    }

    /** Whether one more call has its place in the queue. A hint: others may take it. */
    boolean hasRoom() {
        return queued.get() < queueMax;
    }

    /** Queues a task; false when the pool takes no more because its program was removed. */
    boolean execute(Runnable task) {
        queued.incrementAndGet();
        try {
            threads.execute(
                    () -> {
                        queued.decrementAndGet();
                        task.run();
                    });
            return true;
        } catch (RejectedExecutionException e) {
            queued.decrementAndGet();
            return false;
        }
    }

    void retire() {
        threads.shutdown();
    }

    void stop() {
        threads.shutdownNow();
    }
}
