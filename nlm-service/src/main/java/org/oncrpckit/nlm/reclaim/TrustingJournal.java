package org.oncrpckit.nlm.reclaim;

import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.xdr.Opaque;

/** Keeps nothing. */
enum TrustingJournal implements ReclaimJournal {
    /** The only one. */
    INSTANCE;

    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public void held(Opaque host, HeldLock lock) {}

    @Override
    public void freed(Opaque host, LockOwner owner, FileId file, LockRange range) {}

    @Override
    public void shareTaken(Opaque host, LockOwner owner, FileId file, ShareMode mode) {}

    @Override
    public void shareReturned(Opaque host, LockOwner owner, FileId file, ShareMode mode) {}

    @Override
    public void ownerReleased(Opaque host, LockOwner owner) {}

    @Override
    public void hostReleased(Opaque host) {}

    @Override
    public void write() {}

    @Override
    public boolean mayReclaim(Opaque host, LockRequest request) {
        return true;
    }

    @Override
    public boolean mayReclaimShare(Opaque host, LockOwner owner, FileId file, ShareMode mode) {
        return true;
    }

    @Override
    public void graceOver() {}

    @Override
    public String mode() {
        return "trust";
    }

    @Override
    public void close() {}
}
