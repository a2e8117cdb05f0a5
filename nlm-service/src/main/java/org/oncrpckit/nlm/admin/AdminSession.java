package org.oncrpckit.nlm.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LocalLocks;
import org.oncrpckit.nlm.LocalOutcome;
import org.oncrpckit.nlm.LocalOwner;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What one connection to the control socket has open: pages of listings, local locks and waiting
 * requests. Every lock has an owner of its own, so that giving one back touches no other.
 * Thread-safe; the service is never called under this object's lock.
 */
final class AdminSession {
    /** Longest time that AWAIT keeps its caller waiting. */
    static final Duration AWAIT_LIMIT = Duration.ofSeconds(10);

    /** Locks and waiting requests of one connection. */
    static final int LOCKS_MAX = 1024;

    /** A lock or waiting request of this connection. */
    private record Entry(LocalOwner owner, CompletionStage<LocalOutcome> outcome) {}

    private final long number;
    private final Timers timers;
    private final NlmService service;
    private final LocalLocks locks;
    private final Listings listings;
    private final AtomicBoolean watched = new AtomicBoolean();

    @GuardedBy("this")
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    @GuardedBy("this")
    private long lastToken;

    @GuardedBy("this")
    private boolean closed;

    AdminSession(long number, Timers timers, NlmService service) {
        this.number = number;
        this.timers = timers;
        this.service = service;
        this.locks = service.local();
        this.listings = new Listings(service.listing(), timers);
    }

    /** True once: the caller then watches the connection. */
    boolean isNew() {
        return watched.compareAndSet(false, true);
    }

    Listings listings() {
        return listings;
    }

    LocalLockReply lock(LocalLockRequest asked) {
        FileId file = FileId.of(asked.file().toByteArray());
        LockRange range = new LockRange(asked.first(), asked.last());
        LockMode mode = asked.exclusive() ? LockMode.EXCLUSIVE : LockMode.SHARED;
        long token = nextToken();
        if (token == 0) {
            return ended("this connection has " + LOCKS_MAX + " locks, which is the limit");
        }
        String name = asked.label() + " #" + number + "." + token;
        LocalOwner owner = LocalOwner.of(name, asked.processId());
        CompletionStage<LocalOutcome> outcome =
                asked.queued()
                        ? locks.lock(owner, file, range, mode).outcome()
                        : CompletableFuture.completedStage(locks.tryLock(owner, file, range, mode));
        LocalLockReply reply = reply(token, outcome);
        if (reply.outcome() == LocalLockReply.Outcome.DENIED) {
            return new LocalLockReply(reply.outcome(), 0, inTheWay(file, range, mode));
        }
        if (reply.token() != 0) {
            keep(token, new Entry(owner, outcome));
        }
        return reply;
    }

    /** Gives it back at once when the connection has ended while its call was served. */
    private void keep(long token, Entry entry) {
        synchronized (this) {
            if (!closed) {
                entries.put(token, entry);
                return;
            }
        }
        locks.releaseOwner(entry.owner());
    }

    private synchronized long nextToken() {
        return entries.size() < LOCKS_MAX ? ++lastToken : 0;
    }

    /** For people; it may have changed since the request was denied. */
    private String inTheWay(FileId file, LockRange range, LockMode mode) {
        return service.listing()
                .locks(Scope.of(file))
                .filter(held -> held.range().intersects(range))
                .filter(held -> held.mode().conflictsWith(mode))
                .findFirst()
                .map(held -> "held by " + OwnerLine.of(held.owner(), held.key()))
                .orElse("others wait for it");
    }

    CompletionStage<LocalLockReply> await(AwaitRequest request) {
        long token = request.token();
        Entry entry = entry(token);
        if (entry == null) {
            return CompletableFuture.completedFuture(ended("no such lock of this connection"));
        }
        CompletableFuture<LocalLockReply> answer = new CompletableFuture<>();
        Timers.Timer limit =
                timers.schedule(limit(request), () -> answer.complete(reply(token, entry)));
        entry.outcome()
                .thenAccept(
                        outcome -> {
                            limit.cancel();
                            answer.complete(reply(token, entry));
                        });
        return answer;
    }

    /** What has ended without a lock is no entry any more once its caller is told so. */
    private LocalLockReply reply(long token, Entry entry) {
        LocalLockReply reply = reply(token, entry.outcome());
        if (reply.token() == 0) {
            synchronized (this) {
                entries.remove(token);
            }
        }
        return reply;
    }

    private static Duration limit(AwaitRequest request) {
        Duration asked = Duration.ofMillis(request.millis());
        return asked.compareTo(AWAIT_LIMIT) < 0 ? asked : AWAIT_LIMIT;
    }

    void unlock(long token) {
        Entry entry;
        synchronized (this) {
            entry = entries.remove(token);
        }
        if (entry != null) {
            locks.releaseOwner(entry.owner());
        }
    }

    private synchronized @Nullable Entry entry(long token) {
        return entries.get(token);
    }

    /** Gives everything back. */
    void close() {
        List<Entry> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(entries.values());
            entries.clear();
        }
        listings.close();
        left.forEach(entry -> locks.releaseOwner(entry.owner()));
    }

    private static LocalLockReply ended(String why) {
        return new LocalLockReply(LocalLockReply.Outcome.ENDED, 0, why);
    }

    private static LocalLockReply reply(long token, CompletionStage<LocalOutcome> stage) {
        LocalOutcome outcome = stage.toCompletableFuture().getNow(null);
        if (outcome == null) {
            return new LocalLockReply(LocalLockReply.Outcome.WAITING, token, "");
        }
        return switch (outcome) {
            case GRANTED -> new LocalLockReply(LocalLockReply.Outcome.GRANTED, token, "");
            case DENIED -> new LocalLockReply(LocalLockReply.Outcome.DENIED, 0, "");
            case DEADLOCK ->
                    new LocalLockReply(
                            LocalLockReply.Outcome.DEADLOCK, 0, "waiting would be for ever");
            case NO_LOCKS -> ended("a limit of the daemon is reached");
            case GRACE_PERIOD ->
                    ended("clients are still taking their locks back; try again or --wait");
            case CANCELLED -> ended("cancelled");
        };
    }
}
