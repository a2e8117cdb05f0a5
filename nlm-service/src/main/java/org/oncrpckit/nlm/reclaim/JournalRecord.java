package org.oncrpckit.nlm.reclaim;

import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.xdr.Opaque;

/** What the journal says, in its order. */
sealed interface JournalRecord {
    /** From now on these bytes are held in this mode. */
    record Held(HolderKey holder, LockRange range, LockMode mode) implements JournalRecord {}

    /** From now on none of these bytes is held. */
    record Freed(HolderKey holder, LockRange range) implements JournalRecord {}

    /**
     * From now on a share reservation is held, so many times more.
     *
     * @param count 1 or more
     */
    record ShareTaken(HolderKey holder, ShareMode mode, long count) implements JournalRecord {}

    /** From now on a share reservation is held once less. */
    record ShareReturned(HolderKey holder, ShareMode mode) implements JournalRecord {}

    /**
     * An owner holds nothing any more.
     *
     * @param owner the beginning of {@link HolderKey#ownerAndFile} of all that it held
     */
    record OwnerReleased(Opaque host, Opaque owner) implements JournalRecord {}

    /** A host holds nothing any more. */
    record HostReleased(Opaque host) implements JournalRecord {}

    /**
     * A run began: what is held up to here can be reclaimed in it.
     *
     * @param incomplete whether something may be missing up to here
     * @param bootId which boot of the host this was; empty when it did not say
     */
    record Started(boolean incomplete, String bootId) implements JournalRecord {}

    /** What was held before the run and has not been told anew is lost. */
    record GraceOver() implements JournalRecord {}

    /** The run ended in order, and everything up to here is durable. */
    record Stopped() implements JournalRecord {}
}
