package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.FormerHost.Stage;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the hosts that were monitored before this start that this host has restarted: many at once,
 * each with its own back-off, none waiting for another. Who has answered is not told again by the
 * next start, and is kept in the store while it may be on its way back: until then the next start
 * has to count it among those that have something to reclaim. Thread-safe.
 */
final class Notifier {
    /** A host that has not answered after so many restarts is forgotten. */
    static final int GIVE_UPS_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final RateLimitedLog NOT_TOLD = new RateLimitedLog(LOG);

    private final Timers timers;
    private final StoreWorker worker;
    private final NotifyLimits limits;
    private final Duration comingBack;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<HostKey, Progress> hosts = new LinkedHashMap<>();

    /** Notices whose turn has come and that wait for a place among those at once. */
    @GuardedBy("lock")
    private final ArrayDeque<HostNotice> ready = new ArrayDeque<>();

    @GuardedBy("lock")
    private int attempting;

    @GuardedBy("lock")
    private int pendingHosts;

    @GuardedBy("lock")
    private boolean handingOut;

    @GuardedBy("lock")
    private boolean closed;

    /** How far a host is, over all the ways in which it knows this one. */
    private static final class Progress {
        private final HostRecord record;
        private int pending;
        private boolean givenUp;

        Progress(HostRecord record) {
            this.record = record;
            this.pending = (int) record.contacts().stream().filter(c -> !c.told()).count();
        }

        Stage stage() {
            if (pending > 0) {
                return Stage.PENDING;
            }
            return givenUp ? Stage.GIVEN_UP : Stage.NOTIFIED;
        }
    }

    /**
     * Of a new start.
     *
     * @param comingBack how long a host that has been told is kept
     * @param records the hosts, those that the start before has told and not seen again included
     */
    Notifier(
            Timers timers,
            StoreWorker worker,
            NotifyLimits limits,
            Duration comingBack,
            Iterable<HostRecord> records) {
        this.timers = timers;
        this.worker = worker;
        this.limits = limits;
        this.comingBack = comingBack;
        synchronized (lock) {
            records.forEach(record -> hosts.put(record.key(), new Progress(record)));
            pendingHosts = (int) hosts.values().stream().filter(p -> p.pending > 0).count();
        }
    }

    /** Begins; to be called once. The notices are those of the records of the constructor. */
    CompletionStage<Void> start(List<HostNotice> notices) {
        boolean nothingToDo;
        List<HostKey> toldBefore = new ArrayList<>();
        synchronized (lock) {
            ready.addAll(notices);
            nothingToDo = pendingHosts == 0;
            hosts.forEach(
                    (host, progress) -> {
                        if (progress.record.contacts().stream().anyMatch(Contact::told)) {
                            toldBefore.add(host);
                        }
                    });
        }
        toldBefore.forEach(host -> forgetLater(host.address()));
        if (nothingToDo) {
            ended.complete(null);
        } else {
            LOG.info("telling {} hosts that this host has restarted", progress().pending());
            handOut();
        }
        return ended.minimalCompletionStage();
    }

    /** Ends without a notice: somebody else tells these hosts. In place of {@link #start}. */
    CompletionStage<Void> leave() {
        List<CompletableFuture<Void>> forgotten = new ArrayList<>();
        List<HostKey> left = new ArrayList<>();
        synchronized (lock) {
            hosts.forEach(
                    (host, progress) -> {
                        progress.pending = 0;
                        forgotten.add(
                                worker.enqueue(
                                                Section.TO_NOTIFY,
                                                host.address(),
                                                record -> record.flatMap(this::allTold))
                                        .toCompletableFuture());
                        left.add(host);
                    });
            pendingHosts = 0;
        }
        worker.kick();
        if (!comingBack.isZero()) {
            left.forEach(host -> forgetLater(host.address()));
        }
        return CompletableFuture.allOf(forgotten.toArray(CompletableFuture<?>[]::new));
    }

    List<FormerHost> hosts() {
        synchronized (lock) {
            List<FormerHost> all = new ArrayList<>(hosts.size());
            hosts.forEach(
                    (host, progress) ->
                            all.add(
                                    new FormerHost(
                                            host.address(),
                                            progress.record.contacts().get(0).name(),
                                            progress.stage())));
            return all;
        }
    }

    NotifyProgress progress() {
        int pending = 0;
        int notified = 0;
        int givenUp = 0;
        synchronized (lock) {
            for (Progress each : hosts.values()) {
                switch (each.stage()) {
                    case PENDING -> pending++;
                    case NOTIFIED -> notified++;
                    case GIVEN_UP -> givenUp++;
                }
            }
        }
        return new NotifyProgress(pending, notified, givenUp);
    }

    /** Stops; who has not answered stays in the store for the next start. */
    void close() {
        synchronized (lock) {
            closed = true;
            ready.clear();
        }
        ended.complete(null);
    }

    /** Starts attempts while there is room. Only one thread at a time does, however deep it is. */
    private void handOut() {
        synchronized (lock) {
            if (handingOut) {
                return;
            }
            handingOut = true;
        }
        while (true) {
            HostNotice next;
            synchronized (lock) {
                next = attempting < limits.atOnceMax() && !closed ? ready.poll() : null;
                if (next == null) {
                    handingOut = false;
                    return;
                }
                attempting++;
            }
            attempt(next);
        }
    }

    private void attempt(HostNotice notice) {
        long began = timers.nanoTime();
        Duration interval = intervalAfter(notice.attempts() + 1);
        Duration limit = min(interval, limits.attemptLimit());
        CompletionStage<Void> attempt = notice.attempt(began, limit);
        attempt.whenComplete(
                (nothing, failure) -> {
                    if (releasePlace()) {
                        if (failure == null) {
                            finish(notice, null);
                        } else {
                            retry(notice, began, interval, failure);
                        }
                    }
                    handOut();
                });
    }

    /** Whether the notifier goes on. */
    private boolean releasePlace() {
        synchronized (lock) {
            attempting--;
            return !closed;
        }
    }

    private void retry(HostNotice notice, long began, Duration interval, Throwable failure) {
        LOG.debug("{} not notified: {}", notice.host().getHostAddress(), failure.toString());
        long now = timers.nanoTime();
        Duration left = limits.giveUpAfter().minusNanos(now - notice.firstAttemptNanos());
        if (left.isNegative() || left.isZero()) {
            finish(notice, failure);
            return;
        }
        Duration pause = interval.minusNanos(now - began);
        timers.schedule(min(pause.isNegative() ? Duration.ZERO : pause, left), () -> again(notice));
    }

    private void again(HostNotice notice) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            ready.add(notice);
        }
        handOut();
    }

    private void finish(HostNotice notice, @Nullable Throwable failure) {
        boolean last;
        synchronized (lock) {
            Progress progress = hosts.get(HostKey.of(notice.host()));
            if (progress == null) {
                throw new IllegalStateException("no host " + notice.host());
            }
            progress.givenUp |= failure != null;
            progress.pending--;
            if (progress.pending == 0) {
                pendingHosts--;
            }
            last = pendingHosts == 0 && progress.pending == 0;
        }
        if (failure != null) {
            NOT_TOLD.warn(
                    "{} does not know that this host has restarted: {}",
                    notice.host().getHostAddress(),
                    failure.toString());
        }
        CompletionStage<Void> stored =
                worker.enqueue(
                        Section.TO_NOTIFY,
                        notice.host(),
                        record -> record.flatMap(r -> after(r, notice.contact(), failure != null)));
        worker.kick();
        if (failure == null && mayComeBack(notice.contact())) {
            forgetLater(notice.host());
        }
        if (last) {
            stored.whenComplete(
                    (nothing, notStored) -> {
                        NotifyProgress result = progress();
                        LOG.info(
                                "{} hosts know that this host has restarted, {} did not answer",
                                result.notified(),
                                result.givenUp());
                        ended.complete(null);
                    });
        }
    }

    /** What is left of a record when one of its notices has ended. */
    private Optional<HostRecord> after(HostRecord record, Contact contact, boolean gaveUp) {
        List<Contact> left = new ArrayList<>(record.contacts());
        left.removeIf(contact::sameWay);
        if (gaveUp && contact.timesGivenUp() + 1 < GIVE_UPS_MAX) {
            Contact givenUp = contact.givenUp();
            left.removeIf(givenUp::sameWay);
            left.add(givenUp);
        } else if (!gaveUp && mayComeBack(contact)) {
            left.add(contact.answered());
        }
        return of(record, left);
    }

    /** What is left of a record when somebody else has told the host. */
    private Optional<HostRecord> allTold(HostRecord record) {
        return of(
                record,
                record.contacts().stream()
                        .filter(this::mayComeBack)
                        .map(Contact::answered)
                        .toList());
    }

    /** A service outside this process has not lost anything that the host could reclaim. */
    private boolean mayComeBack(Contact contact) {
        return !comingBack.isZero() && contact.callBack().isEmpty();
    }

    /** Takes a host that has been told off the store when it has had its time to come back. */
    private void forgetLater(InetAddress host) {
        if (comingBack.isZero()) {
            forget(host);
        } else {
            timers.schedule(comingBack, () -> forget(host));
        }
    }

    private void forget(InetAddress host) {
        synchronized (lock) {
            if (closed) {
                return;
            }
        }
        var unused =
                worker.enqueue(
                        Section.TO_NOTIFY,
                        host,
                        record ->
                                record.flatMap(
                                        r ->
                                                of(
                                                        r,
                                                        r.contacts().stream()
                                                                .filter(c -> !c.told())
                                                                .toList())));
        worker.kick();
    }

    private static Optional<HostRecord> of(HostRecord record, List<Contact> contacts) {
        return contacts.isEmpty()
                ? Optional.empty()
                : Optional.of(new HostRecord(record.address(), contacts));
    }

    /** From the start of an attempt to the next one. */
    private Duration intervalAfter(int attempt) {
        Duration interval = limits.firstInterval();
        for (int i = 1; i < attempt && interval.compareTo(limits.longestInterval()) < 0; i++) {
            interval = interval.multipliedBy(2);
        }
        return min(interval, limits.longestInterval());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
