package org.oncrpckit.nlm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * What one owner has on one file, besides the locks themselves: what the lock table does not know.
 * Changed in its locker's turns; what listings read is immutable or volatile.
 */
final class Claim {
    /** So many unconfirmed grants are told apart; beyond, all bytes between them count as one. */
    static final int UNCONFIRMED_MAX = 256;

    /** Whose, and on which file. */
    record Key(LockOwner owner, FileId file) {}

    private final Key key;
    private final HostName callerName;
    private final Instant since;
    private List<RemoteWaiter> waiters = List.of();
    private volatile List<LockRange> unconfirmed = List.of();

    /** Whether the owner has, or had, share reservations here. */
    boolean shares;

    Claim(Key key, HostName callerName, Instant since) {
        this.key = key;
        this.callerName = callerName;
        this.since = since;
    }

    Key key() {
        return key;
    }

    HostName callerName() {
        return callerName;
    }

    Instant since() {
        return since;
    }

    /** Requests that wait, or are granted and not yet acknowledged. */
    List<RemoteWaiter> waiters() {
        return waiters;
    }

    Optional<RemoteWaiter> waiterFor(LockRequest request) {
        for (RemoteWaiter each : waiters) {
            if (each.request().equals(request)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    void add(RemoteWaiter waiter) {
        if (waiters.isEmpty()) {
            waiters = new ArrayList<>(1);
        }
        waiters.add(waiter);
    }

    void remove(RemoteWaiter waiter) {
        if (waiters.remove(waiter) && waiters.isEmpty()) {
            waiters = List.of();
        }
    }

    /** The client may not believe that it has these bytes. */
    void doubt(LockRange range) {
        if (unconfirmed.stream().noneMatch(each -> contains(each, range))) {
            List<LockRange> more = new ArrayList<>(unconfirmed);
            more.removeIf(each -> contains(range, each));
            more.add(range);
            unconfirmed = more.size() > UNCONFIRMED_MAX ? List.of(span(more)) : List.copyOf(more);
        }
    }

    /** The client has said by its deeds what it believes of these bytes. */
    void settle(LockRange range) {
        if (!unconfirmed.isEmpty()) {
            unconfirmed = unconfirmed.stream().filter(each -> !contains(range, each)).toList();
        }
    }

    int unconfirmedCount() {
        return unconfirmed.size();
    }

    boolean isUnconfirmed(LockRange range) {
        return unconfirmed.stream().anyMatch(range::intersects);
    }

    /** The least range that has them all. */
    private static LockRange span(List<LockRange> ranges) {
        LockRange span = ranges.get(0);
        for (LockRange each : ranges) {
            long first = span.first();
            long last = span.last();
            span =
                    new LockRange(
                            Long.compareUnsigned(each.first(), first) < 0 ? each.first() : first,
                            Long.compareUnsigned(each.last(), last) > 0 ? each.last() : last);
        }
        return span;
    }

    private static boolean contains(LockRange outer, LockRange inner) {
        return switch (outer.overlap(inner)) {
            case EQUAL, CONTAINS -> true;
            default -> false;
        };
    }
}
