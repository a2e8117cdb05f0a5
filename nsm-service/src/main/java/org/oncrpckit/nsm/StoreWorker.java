package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only one that touches the store once the monitor runs. Changes are queued, and one task at a
 * time on the store executor takes them in order, as many at once as there are (so a burst shares
 * one sync of the store). What is known to be durable can be read from any thread at any time.
 */
final class StoreWorker {
    /** Changes that may wait; one more is refused. */
    static final int WAITING_MAX = 65_536;

    /** Most changes that share one sync: bounds how long the first of them waits. */
    static final int BATCH_MAX = 1024;

    /** From the first change to the work that the store has put off, unless that failed. */
    static final Duration SETTLE_AFTER = Duration.ofSeconds(1);

    /** From a failure of that work to the next try. */
    static final Duration SETTLE_AGAIN_AFTER = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StoreWorker.class);
    private static final RateLimitedLog NOT_STORED = new RateLimitedLog(LOG);

    /** Makes the new record of a host from the old one; empty is "none". Runs on the executor. */
    @FunctionalInterface
    interface Edit {
        Optional<HostRecord> apply(Optional<HostRecord> record) throws MonitorException;
    }

    private record Key(Section section, HostKey host) {}

    private record Change(Key key, Edit edit, CompletableFuture<Void> done) {}

    private final NsmStore store;
    private final Executor executor;
    private final Timers timers;
    private final Map<HostKey, HostRecord> monitored = new ConcurrentHashMap<>();
    private final Map<HostKey, HostRecord> toNotify = new ConcurrentHashMap<>();
    private final Map<HostKey, HostRecord> kept = new ConcurrentHashMap<>();

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<Change> waiting = new ArrayDeque<>();

    /** How many changes of a host are not finished: until then the durable record is old news. */
    @GuardedBy("lock")
    private final Map<Key, Integer> unfinished = new HashMap<>();

    @GuardedBy("lock")
    private boolean draining;

    /** Whether the work that the store has put off is due. */
    @GuardedBy("lock")
    private boolean settleDue;

    /** Whether a timer will make it due. */
    @GuardedBy("lock")
    private boolean settleScheduled;

    /** Whether no change is taken any more, and the store is closed behind the last. */
    @GuardedBy("lock")
    private boolean closing;

    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * Hosts of which nobody knows whether the store still has them, since their removal failed on
     * its way. They count as gone, and their next change is written whatever it is. Belongs to the
     * task that works.
     */
    private final Set<Key> inDoubt = new HashSet<>();

    StoreWorker(
            NsmStore store,
            Executor executor,
            Timers timers,
            Collection<HostRecord> toNotify,
            Collection<HostRecord> kept) {
        this.store = store;
        this.executor = executor;
        this.timers = timers;
        for (HostRecord each : toNotify) {
            this.toNotify.put(each.key(), each);
        }
        for (HostRecord each : kept) {
            this.kept.put(each.key(), each);
        }
    }

    /**
     * Plans the work that the store has put off so far; to be called once, by the thread that
     * opened the store, before anything is queued.
     */
    void begin() {
        scheduleSettle(SETTLE_AFTER);
    }

    /** The record that is on stable storage now. */
    Optional<HostRecord> record(Section section, InetAddress address) {
        return record(new Key(section, HostKey.of(address)));
    }

    /** How many records a section has on stable storage now. */
    int count(Section section) {
        return durable(section).size();
    }

    /** The hosts of a section that are on stable storage, or have a change under way. */
    Set<HostKey> hosts(Section section) {
        Set<HostKey> all = new HashSet<>();
        // First: what ends meanwhile is on stable storage then.
        synchronized (lock) {
            for (Key each : unfinished.keySet()) {
                if (each.section() == section) {
                    all.add(each.host());
                }
            }
        }
        all.addAll(durable(section).keySet());
        return all;
    }

    /** Whether a change of that host is under way. */
    boolean isChanging(Section section, InetAddress address) {
        Key key = new Key(section, HostKey.of(address));
        synchronized (lock) {
            return unfinished.containsKey(key);
        }
    }

    /** As {@link #record}, but empty while any change of that host is under way. */
    Optional<HostRecord> settledRecord(Section section, InetAddress address) {
        Key key = new Key(section, HostKey.of(address));
        synchronized (lock) {
            return unfinished.containsKey(key) ? Optional.empty() : record(key);
        }
    }

    /**
     * Queues a change behind all before it, and starts nothing: {@link #kick} does, which the
     * caller calls when it holds no lock. The stage completes on the store executor, or fails with
     * a {@link MonitorException}.
     */
    CompletionStage<Void> enqueue(Section section, InetAddress address, Edit edit) {
        Key key = new Key(section, HostKey.of(address));
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            if (closing) {
                return CompletableFuture.failedFuture(isClosed(null));
            }
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(
                        new MonitorException(
                                "the store is " + WAITING_MAX + " changes behind (limit)", null));
            }
            waiting.add(new Change(key, edit, done));
            unfinished.merge(key, 1, Integer::sum);
        }
        return done;
    }

    /**
     * Takes no change any more, works off those that wait, and closes the store behind them, on the
     * executor as everything else. The future completes when that is done, or fails as the store
     * did.
     */
    Future<Void> close() {
        synchronized (lock) {
            closing = true;
        }
        kick();
        return closed;
    }

    private void closeStore() {
        try {
            store.close();
            closed.complete(null);
        } catch (IOException | RuntimeException e) {
            closed.completeExceptionally(e);
        }
    }

    /** Starts working off the queue, if nobody does. */
    void kick() {
        synchronized (lock) {
            if (draining || (waiting.isEmpty() && !settleDue && !closing)) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RuntimeException e) {
            List<Change> lost;
            boolean last;
            synchronized (lock) {
                last = closing;
                draining = last;
                settleDue = false;
                lost = takeBatch(Integer.MAX_VALUE);
            }
            finish(lost, Map.of(), isClosed(e));
            if (last) {
                closeStore();
            }
        }
    }

    private static MonitorException isClosed(@Nullable Throwable cause) {
        return new MonitorException("the store is closed", cause);
    }

    /**
     * Changes first; what the store has put off in bounded parts between the batches. Who closes
     * the store goes on draining for ever, so nobody comes after.
     */
    private void drain() {
        boolean publishing = false;
        while (true) {
            List<Change> batch;
            boolean settle;
            boolean close;
            synchronized (lock) {
                batch = takeBatch(BATCH_MAX);
                settle = settleDue;
                close = batch.isEmpty() && closing;
                if (batch.isEmpty() && !settle && !publishing && !close) {
                    draining = false;
                    return;
                }
            }
            if (close) {
                closeStore();
                return;
            }
            if (!batch.isEmpty()) {
                work(batch);
            }
            publishing = store.publish();
            if (settle && !publishing) {
                settle();
            }
            scheduleSettle(SETTLE_AFTER);
        }
    }

    private void settle() {
        try {
            store.settle();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the store is behind: {}; tried again", e.getMessage());
            synchronized (lock) {
                settleDue = false;
            }
            scheduleSettle(SETTLE_AGAIN_AFTER);
            return;
        }
        if (store.isSettled()) {
            synchronized (lock) {
                settleDue = false;
            }
        }
    }

    private void scheduleSettle(Duration delay) {
        if (store.isSettled()) {
            return;
        }
        synchronized (lock) {
            if (settleScheduled || settleDue) {
                return;
            }
            settleScheduled = true;
        }
        timers.schedule(
                delay,
                () -> {
                    synchronized (lock) {
                        settleScheduled = false;
                        settleDue = true;
                    }
                    kick();
                });
    }

    @GuardedBy("lock")
    private List<Change> takeBatch(int max) {
        List<Change> batch = new ArrayList<>();
        while (batch.size() < max && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    /** One batch: what each host's record becomes, one write a host, one sync for all. */
    private void work(List<Change> batch) {
        Map<Change, MonitorException> failed = new HashMap<>();
        Map<Key, Optional<HostRecord>> wanted = new LinkedHashMap<>();
        for (Change each : batch) {
            Optional<HostRecord> before = wanted.getOrDefault(each.key(), record(each.key()));
            try {
                wanted.put(each.key(), each.edit().apply(before));
            } catch (MonitorException | RuntimeException e) {
                failed.put(each, asMonitorException(each.key(), e));
            }
        }
        Map<Key, MonitorException> notWritten = write(wanted);
        for (Change each : batch) {
            MonitorException why = notWritten.get(each.key());
            if (why != null) {
                failed.putIfAbsent(each, why);
            }
        }
        finish(batch, failed, null);
    }

    /** Writes what differs; the result says for which hosts it could not. */
    private Map<Key, MonitorException> write(Map<Key, Optional<HostRecord>> wanted) {
        Map<Key, MonitorException> failed = new HashMap<>();
        Map<Key, Optional<HostRecord>> written = new LinkedHashMap<>();
        wanted.forEach(
                (key, record) -> {
                    if (record.equals(record(key)) && !inDoubt.contains(key)) {
                        return;
                    }
                    try {
                        if (record.isPresent()) {
                            store.save(key.section(), record.get());
                        } else {
                            store.remove(key.section(), key.host().address());
                        }
                        written.put(key, record);
                    } catch (IOException | RuntimeException e) {
                        failed.put(key, asMonitorException(key, e));
                    }
                });
        if (written.isEmpty()) {
            return failed;
        }
        try {
            store.sync();
        } catch (IOException | RuntimeException e) {
            written.forEach(
                    (key, record) -> {
                        failed.put(key, asMonitorException(key, e));
                        if (record.isEmpty()) {
                            durable(key.section()).remove(key.host());
                            inDoubt.add(key);
                        }
                    });
            return failed;
        }
        inDoubt.removeAll(written.keySet());
        written.forEach(
                (key, record) ->
                        record.ifPresentOrElse(
                                now -> durable(key.section()).put(key.host(), now),
                                () -> durable(key.section()).remove(key.host())));
        return failed;
    }

    private Optional<HostRecord> record(Key key) {
        return Optional.ofNullable(durable(key.section()).get(key.host()));
    }

    private Map<HostKey, HostRecord> durable(Section section) {
        return switch (section) {
            case MONITORED -> monitored;
            case TO_NOTIFY -> toNotify;
            case KEPT -> kept;
        };
    }

    private void finish(
            List<Change> batch,
            Map<Change, MonitorException> failed,
            @Nullable MonitorException all) {
        synchronized (lock) {
            for (Change each : batch) {
                unfinished.computeIfPresent(each.key(), (key, n) -> n == 1 ? null : n - 1);
            }
        }
        for (Change each : batch) {
            MonitorException why = all != null ? all : failed.get(each);
            if (why == null) {
                each.done().complete(null);
            } else {
                NOT_STORED.warn("{}", why.getMessage());
                each.done().completeExceptionally(why);
            }
        }
    }

    private static MonitorException asMonitorException(Key key, Exception e) {
        return e instanceof MonitorException known
                ? known
                : new MonitorException(
                        "the record of "
                                + key.host().address().getHostAddress()
                                + " cannot be changed: "
                                + e.getMessage(),
                        e);
    }
}
