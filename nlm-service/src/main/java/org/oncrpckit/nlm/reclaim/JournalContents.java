package org.oncrpckit.nlm.reclaim;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nlm.reclaim.JournalRecord.GraceOver;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareTaken;
import org.oncrpckit.nlm.reclaim.JournalRecord.Started;
import org.oncrpckit.nlm.reclaim.JournalRecord.Stopped;

/**
 * What is held after the records that were applied: what the last run has given out, and what the
 * runs before had and nobody has reclaimed yet. Not thread-safe.
 */
final class JournalContents {
    private final Predicate<HolderKey> wanted;
    private HeldInRun former = new HeldInRun();
    private HeldInRun current = new HeldInRun();
    private @Nullable Started started;
    private boolean graceOver;
    private boolean stopped;

    /**
     * Begins with nothing.
     *
     * @param wanted whose holdings are to be looked at, so that there is less in memory at once
     */
    JournalContents(Predicate<HolderKey> wanted) {
        this.wanted = wanted;
    }

    void apply(JournalRecord entry) {
        stopped = entry instanceof Stopped;
        if (entry instanceof Started next) {
            started = next;
            graceOver = false;
            becomeFormer();
        } else if (entry instanceof GraceOver) {
            graceOver = true;
            former.clear();
        } else if (isWanted(entry)) {
            current.add(entry);
            current.remove(entry);
            former.remove(entry);
        }
    }

    private boolean isWanted(JournalRecord entry) {
        if (entry instanceof Held held) {
            return wanted.test(held.holder());
        }
        return !(entry instanceof ShareTaken taken) || wanted.test(taken.holder());
    }

    /** All that is held can be reclaimed from now on. */
    void becomeFormer() {
        if (former.isEmpty()) {
            HeldInRun empty = former;
            former = current;
            current = empty;
        } else {
            former.addRun(current);
            current.clear();
        }
    }

    /** Whether the runs before the last one left this to be reclaimed. */
    boolean covers(HolderKey holder, LockRange range, LockMode mode) {
        return former.covers(holder, range, mode);
    }

    /** Whether the runs before the last one left this share reservation to be reclaimed. */
    boolean hasShare(HolderKey holder, ShareMode mode) {
        return former.hasShare(holder, mode);
    }

    /** What is left of the runs before the last one. */
    void eachFormer(Consumer<JournalRecord> action) {
        former.forEach(action);
    }

    /** What the last run gave out. */
    void eachCurrent(Consumer<JournalRecord> action) {
        current.forEach(action);
    }

    /** How the last run began; null when no run did. */
    @Nullable Started started() {
        return started;
    }

    /** Whether the last run's grace period ended. */
    boolean isGraceOver() {
        return graceOver;
    }

    /** Whether the last run ended in order. */
    boolean isStopped() {
        return stopped;
    }
}
