package org.oncrpckit.rpc.server.host;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again which addresses the host has, and lets {@link ServicePort}s follow. The
 * looking, the opening and closing of sockets, and what is done afterwards all happen on one thread
 * of the watch's own, never on an I/O or timer thread. Thread-safe.
 */
public final class AddressWatch implements AutoCloseable {
    /** How often the addresses are looked at unless set otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    /** How long closing waits for a look that is under way. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final RpcPlatform platform;
    private final Duration interval;
    private final List<ServicePort> ports;
    private final List<Action> afterwards;
    private final ExecutorService thread;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Timers.@Nullable Timer next;

    @GuardedBy("lock")
    private boolean closed;

    private AddressWatch(Builder builder) {
        platform = builder.platform;
        interval = builder.interval;
        ports = builder.ports.stream().filter(ServicePort::follows).toList();
        afterwards = List.copyOf(builder.afterwards);
        thread =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread created = new Thread(task, "oncrpckit-addresses");
                            created.setDaemon(true);
                            return created;
                        });
    }

    /** What is done after each look; it may block. What it throws is logged. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws InterruptedException;
    }

    /** Starts the settings of a watch. */
    public static Builder builder(RpcPlatform platform) {
        return new Builder(platform);
    }

    /** Collects the settings of a watch. Not thread-safe. */
    public static final class Builder {
        private final RpcPlatform platform;
        private final List<ServicePort> ports = new ArrayList<>();
        private final List<Action> afterwards = new ArrayList<>();
        private Duration interval = DEFAULT_INTERVAL;

        private Builder(RpcPlatform platform) {
            this.platform = Objects.requireNonNull(platform, "platform");
        }

        /** How long from one look to the next; {@link #DEFAULT_INTERVAL} unless set. */
        public Builder interval(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("interval " + time + " is not positive");
            }
            interval = time;
            return this;
        }

        /**
         * A port that follows, if a wildcard is among its addresses; the others stay as they are.
         */
        public Builder port(ServicePort port) {
            ports.add(Objects.requireNonNull(port, "port"));
            return this;
        }

        /** What is done when the ports have followed, for instance a registration mended. */
        public Builder afterwards(Action action) {
            afterwards.add(Objects.requireNonNull(action, "action"));
            return this;
        }

        /**
         * Starts watching. Where no port follows and nothing is done afterwards there is no thread.
         */
        public AddressWatch start() {
            AddressWatch watch = new AddressWatch(this);
            if (!watch.ports.isEmpty() || !watch.afterwards.isEmpty()) {
                watch.scheduleNext();
            }
            return watch;
        }
    }

    private void scheduleNext() {
        synchronized (lock) {
            if (!closed) {
                next = platform.timers().schedule(interval, this::due);
            }
        }
    }

    /** On the timer thread. */
    private void due() {
        try {
            thread.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    private void look() {
        try {
            List<InetAddress> local = platform.network().localAddresses();
            ports.forEach(port -> port.follow(local));
            for (Action action : afterwards) {
                action.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot follow the addresses of this host; tried again in {}", interval, e);
        }
        scheduleNext();
    }

    /**
     * Stops watching; when it returns, nothing of this is going on any more. Ports stay open. When
     * interrupted it does not wait any longer.
     */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
