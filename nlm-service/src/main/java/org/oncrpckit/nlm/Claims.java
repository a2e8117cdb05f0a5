package org.oncrpckit.nlm;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Timers;

/**
 * The claims of one locker. A claim exists at least as long as its owner has anything on the file;
 * where an unlocking leaves that open the claim is doubtful, and goes when the table has been
 * asked. Changed in its locker's turns; looked up by anybody.
 */
final class Claims {
    /**
     * So many doubtful ones wait for the next sweep; beyond, each new one has two others looked at.
     */
    private static final int DOUBTFUL_MAX = 1000;

    private final ConcurrentMap<Claim.Key, Claim> claims = new ConcurrentHashMap<>();
    private final Set<Claim> doubtful = new LinkedHashSet<>();

    Optional<Claim> find(LockOwner owner, FileId file) {
        return Optional.ofNullable(findOrNull(owner, file));
    }

    /** The same for each LOCK and UNLOCK, which can do without an object more. */
    @Nullable Claim findOrNull(LockOwner owner, FileId file) {
        return claims.get(new Claim.Key(owner, file));
    }

    Collection<Claim> all() {
        return Collections.unmodifiableCollection(claims.values());
    }

    /**
     * Those of one owner behind which there is something, found through the table's own index: in
     * time for what this owner has, whatever others have.
     */
    List<Claim> of(LockOwner owner, LockTable table) {
        Scope scope = Scope.of(owner);
        Set<FileId> files = new LinkedHashSet<>();
        table.held(scope).forEach(each -> files.add(each.file()));
        table.waiting(scope).forEach(each -> files.add(each.request().file()));
        table.shares(scope).forEach(each -> files.add(each.file()));
        return files.stream().flatMap(file -> find(owner, file).stream()).toList();
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    /** The owner has something on the file from now on. */
    Claim open(LockOwner owner, FileId file, HostName callerName, Timers timers) {
        Claim.Key key = new Claim.Key(owner, file);
        Claim known = claims.get(key);
        if (known != null) {
            return known;
        }
        Claim opened = new Claim(key, callerName, timers.now());
        claims.put(key, opened);
        return opened;
    }

    /** Some bytes were unlocked. */
    void unlocked(Claim claim, LockRange range, LockTable table) {
        claim.settle(range);
        if (!claim.waiters().isEmpty()) {
            return;
        }
        if (range.equals(LockRange.ALL) && !claim.shares) {
            remove(claim);
        } else {
            doubt(claim, table);
        }
    }

    /** The owner may have nothing left on the file. */
    void doubt(Claim claim, LockTable table) {
        doubtful.add(claim);
        if (doubtful.size() > DOUBTFUL_MAX) {
            sweep(table, 2);
        }
    }

    /** Looks at the oldest doubtful claims and drops those behind which there is nothing. */
    void sweep(LockTable table, int max) {
        Iterator<Claim> oldest = doubtful.iterator();
        for (int i = 0; i < max && oldest.hasNext(); i++) {
            Claim claim = oldest.next();
            oldest.remove();
            Claim.Key key = claim.key();
            if (claim.waiters().isEmpty() && !table.holdsAny(key.owner(), key.file())) {
                claims.remove(claim.key(), claim);
            }
        }
    }

    void clear() {
        claims.clear();
        doubtful.clear();
    }

    void remove(Claim claim) {
        claims.remove(claim.key(), claim);
        doubtful.remove(claim);
    }
}
