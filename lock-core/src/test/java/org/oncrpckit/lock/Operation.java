package org.oncrpckit.lock;

import java.util.List;
import java.util.Random;

/**
 * One operation of a random sequence. It names no ticket, so that it makes sense in a shortened
 * sequence too.
 */
sealed interface Operation {
    record Lock(LockRequest request, LockPolicy policy) implements Operation {}

    record Test(LockRequest request) implements Operation {}

    record Unlock(LockOwner owner, FileId file, LockRange range) implements Operation {}

    /** Cancels the n-th waiting request, or a ticket that never was if there is none. */
    record Cancel(int place) implements Operation {}

    record ReleaseOwner(LockOwner owner) implements Operation {}

    record ReleaseSystem(SystemId system) implements Operation {}

    record ReleaseFile(FileId file) implements Operation {}

    record TakeShare(LockOwner owner, FileId file, ShareMode mode) implements Operation {}

    record GiveShare(LockOwner owner, FileId file, ShareMode mode) implements Operation {}

    /** Goes on with a table restored from a snapshot. */
    record SaveAndRestore() implements Operation {}

    static Operation random(Random random) {
        int dice = random.nextInt(100);
        if (dice < 38) {
            return new Lock(request(random), LockPolicy.WAIT);
        } else if (dice < 55) {
            return new Lock(request(random), LockPolicy.TRY);
        } else if (dice < 75) {
            return new Unlock(any(World.OWNERS, random), any(World.FILES, random), range(random));
        } else if (dice < 80) {
            return new Cancel(random.nextInt(8));
        } else if (dice < 86) {
            return new Test(request(random));
        } else if (dice < 92) {
            return new TakeShare(
                    any(World.OWNERS, random), any(World.FILES, random), shareMode(random));
        } else if (dice < 95) {
            return new GiveShare(
                    any(World.OWNERS, random), any(World.FILES, random), shareMode(random));
        } else if (dice < 97) {
            return new ReleaseOwner(any(World.OWNERS, random));
        } else if (dice < 98) {
            return new SaveAndRestore();
        }
        return dice < 99
                ? new ReleaseSystem(any(World.SYSTEMS, random))
                : new ReleaseFile(any(World.FILES, random));
    }

    private static LockRequest request(Random random) {
        LockMode mode = random.nextInt(5) < 2 ? LockMode.SHARED : LockMode.EXCLUSIVE;
        return new LockRequest(
                any(World.FILES, random), any(World.OWNERS, random), range(random), mode);
    }

    private static LockRange range(Random random) {
        if (random.nextInt(10) == 0) {
            return LockRange.ALL;
        }
        int first = random.nextInt(World.CELL_COUNT);
        int last = Math.min(World.CELL_COUNT - 1, first + random.nextInt(3));
        return World.range(first, last);
    }

    private static ShareMode shareMode(Random random) {
        return new ShareMode(
                Share.of(random.nextInt(4)), Share.of(random.nextInt(2) * random.nextInt(4)));
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
