package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;

/**
 * What an owner has of the bytes that it waits for, apart from what it waits for: the shared lock
 * that is to become exclusive, the first half of what is to become longer. A grant replaces it in
 * the table; when the grant is taken back, it has to be there again. Touched in its host's turns.
 */
final class HeldParts {
    /** More pieces than this are not kept; then nothing is taken back. */
    static final int PIECES_MAX = 256;

    /** A piece. */
    record Part(LockRange range, LockMode mode) {}

    private final LockRange limits;
    private List<Part> parts;
    private boolean known;

    private HeldParts(LockRange limits, List<Part> parts, boolean known) {
        this.limits = limits;
        this.parts = parts;
        this.known = known;
    }

    /**
     * Looks at what the owner of a request has, now that the request waits. If it has been granted
     * meanwhile, what was there before is gone from the table, and not known.
     */
    static HeldParts of(LockTable table, LockRequest request) {
        LockRange range = request.range();
        // One look: a grant between two would pass for what was there before it.
        List<HeldLock> held = table.held(request.owner(), request.file(), range, PIECES_MAX + 1);
        if (held.isEmpty()) {
            return new HeldParts(range, List.of(), true);
        }
        if (held.size() > PIECES_MAX || isGrant(held.get(0), request)) {
            return new HeldParts(range, List.of(), false);
        }
        List<Part> parts = new ArrayList<>(held.size());
        for (HeldLock each : held) {
            parts.add(new Part(each.range().intersection(range), each.mode()));
        }
        return new HeldParts(range, List.copyOf(parts), true);
    }

    private static boolean isGrant(HeldLock lock, LockRequest request) {
        return lock.mode() == request.mode()
                && lock.range().intersection(request.range()).equals(request.range());
    }

    /** Whether it is known what to restore. */
    boolean isKnown() {
        return known;
    }

    List<Part> parts() {
        return parts;
    }

    /** The owner has unlocked some bytes. */
    void unlocked(LockRange range) {
        if (!parts.isEmpty()) {
            parts = without(range);
        }
    }

    /** The owner has locked some bytes. */
    void locked(LockRange range, LockMode mode) {
        if (range.intersects(limits)) {
            List<Part> more = new ArrayList<>(without(range));
            more.add(new Part(range.intersection(limits), mode));
            known &= more.size() <= PIECES_MAX;
            parts = known ? List.copyOf(more) : List.of();
        }
    }

    private List<Part> without(LockRange range) {
        List<Part> rest = new ArrayList<>();
        for (Part each : parts) {
            for (LockRange piece : Holdings.without(each.range(), List.of(range))) {
                rest.add(new Part(piece, each.mode()));
            }
        }
        return rest;
    }
}
