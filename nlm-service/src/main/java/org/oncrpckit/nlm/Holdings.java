package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;

/** Questions about what one owner holds, and the arithmetic of leaving bytes out. */
final class Holdings {
    private Holdings() {}

    /** Whether the owner holds all that it asks for here, in this mode. */
    static boolean holds(LockTable table, LockRequest request) {
        return table.held(Scope.of(request.owner()))
                .anyMatch(lock -> isOn(lock, request) && covers(lock, request));
    }

    /** Whether the owner holds anything on some of these bytes. */
    static boolean holdsSome(LockTable table, LockOwner owner, FileId file, LockRange range) {
        return on(table, owner, file, range).findAny().isPresent();
    }

    /** The owner's locks that have some of these bytes. */
    static Stream<HeldLock> on(LockTable table, LockOwner owner, FileId file, LockRange range) {
        return table.held(Scope.of(owner))
                .filter(lock -> lock.file().equals(file) && lock.range().intersects(range));
    }

    /** A range without the bytes of others: 0 to n+1 ranges in ascending order. */
    static List<LockRange> without(LockRange range, List<LockRange> others) {
        List<LockRange> rest = List.of(range);
        for (LockRange each : others) {
            List<LockRange> next = new ArrayList<>();
            for (LockRange piece : rest) {
                subtract(piece, each, next);
            }
            rest = next;
        }
        return rest;
    }

    private static void subtract(LockRange from, LockRange hole, List<LockRange> rest) {
        if (!from.intersects(hole)) {
            rest.add(from);
            return;
        }
        if (Long.compareUnsigned(from.first(), hole.first()) < 0) {
            rest.add(new LockRange(from.first(), hole.first() - 1));
        }
        if (Long.compareUnsigned(hole.last(), from.last()) < 0) {
            rest.add(new LockRange(hole.last() + 1, from.last()));
        }
    }

    private static boolean isOn(HeldLock lock, LockRequest request) {
        return lock.file().equals(request.file()) && lock.mode() == request.mode();
    }

    private static boolean covers(HeldLock lock, LockRequest request) {
        return switch (lock.range().overlap(request.range())) {
            case EQUAL, CONTAINS -> true;
            default -> false;
        };
    }
}
