package org.oncrpckit.nlm.reclaim;

import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.xdr.Opaque;

/**
 * Remembers, across restarts, who held which locks and share reservations, and so knows which
 * reclaims are true. A host is named by bytes that stay the same from one run to the next; of an
 * owner its handle and number count, not its system, which is new in each run. Thread-safe.
 *
 * <p>What happens to one host's holdings has to be told in the order in which it happens; telling
 * costs no I/O. {@link #write} has to follow before anybody outside hears of it.
 */
public interface ReclaimJournal extends AutoCloseable {
    /** Keeps nothing and believes every reclaim. */
    static ReclaimJournal trust() {
        return TrustingJournal.INSTANCE;
    }

    /** Whether anything that is told is kept; once false, it stays false. */
    boolean isKept();

    /** An owner on this host holds these bytes now, whatever it had of them before. */
    void held(Opaque host, HeldLock lock);

    /** An owner on this host holds none of these bytes any more. */
    void freed(Opaque host, LockOwner owner, FileId file, LockRange range);

    /** An owner on this host has taken a share reservation, perhaps once more. */
    void shareTaken(Opaque host, LockOwner owner, FileId file, ShareMode mode);

    /** An owner on this host has given a share reservation back, once, if it had it. */
    void shareReturned(Opaque host, LockOwner owner, FileId file, ShareMode mode);

    /** An owner on this host holds nothing any more. */
    void ownerReleased(Opaque host, LockOwner owner);

    /** Nobody on this host holds anything any more. */
    void hostReleased(Opaque host);

    /**
     * Returns when all that this thread has told is with the operating system, so that it survives
     * the end of this process, though not a loss of power; or when the journal has failed.
     */
    void write();

    /**
     * Whether the owner held all of these bytes when the run before ended, in this mode or a
     * stronger one, and has not lost them since. Always true when that is not known.
     */
    boolean mayReclaim(Opaque host, LockRequest request);

    /**
     * Whether the owner had this share reservation when the run before ended, and has not lost it
     * since. Always true when that is not known.
     */
    boolean mayReclaimShare(Opaque host, LockOwner owner, FileId file, ShareMode mode);

    /** The grace period is over, or there was none: what was not reclaimed is lost. */
    void graceOver();

    /** "verify", or "trust" and why, for an operator. */
    String mode();

    /** Ends the journal in order; what is told afterwards is not kept. May be called twice. */
    @Override
    void close();
}
