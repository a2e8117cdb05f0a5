package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.oncrpckit.lock.Conflict;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.HeldShare;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.lock.WaitingLock;
import org.oncrpckit.lock.WaitsFor;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * Shows what is in the lock table, with what is known of the owners. Streams are lazy: a million
 * locks are never copied into a list here; what changes meanwhile may or may not be seen.
 * Thread-safe.
 */
public final class LockListing {
    private static final HostName NO_NAME = new HostName(Opaque.EMPTY);

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final LocalLocks local;
    private final Timers timers;

    LockListing(LockDesk desk, HostRegistry hosts, LocalLocks local, Timers timers) {
        this.desk = desk;
        this.hosts = hosts;
        this.local = local;
        this.timers = timers;
    }

    /** Held locks, ordered by file, first byte and owner. */
    public Stream<ListedLock> locks(Scope scope) {
        return desk.table().held(scope).map(this::describe);
    }

    /** Waiting requests, in the order in which they queue. */
    public Stream<ListedWaiter> waiters(Scope scope) {
        return desk.table().waiting(scope).map(this::describe);
    }

    /** Share reservations, ordered by file and owner. */
    public Stream<ListedShare> shares(Scope scope) {
        return desk.table().shares(scope).map(this::describe);
    }

    /** Why requests wait: for each one what is held in its way, then what is queued before it. */
    public Stream<ListedReason> reasons(Scope scope) {
        return desk.table().waitsFor(scope).map(this::describe);
    }

    /** The client hosts, in no order. */
    public Stream<ListedHost> hosts() {
        return hosts.all().stream().map(this::describe);
    }

    /** What belongs to one client host now; empty when it is not known. */
    public Optional<Scope> scopeOf(InetAddress client) {
        return hosts.find(HostAddress.of(client))
                .map(host -> desk.read(host, state -> state.system))
                .map(Scope::of);
    }

    /** Who an owner in the table is. */
    public OwnerLabel label(LockOwner owner) {
        return label(owner, NO_NAME);
    }

    private ListedLock describe(HeldLock lock) {
        Optional<Claim> claim = claim(lock.owner(), lock.file());
        return new ListedLock(
                lock.file(),
                label(lock.owner(), claim.map(Claim::callerName).orElse(NO_NAME)),
                lock.owner(),
                lock.range(),
                lock.mode(),
                claim.map(Claim::since).orElse(Instant.EPOCH),
                claim.map(each -> each.isUnconfirmed(lock.range())).orElse(false));
    }

    private ListedWaiter describe(WaitingLock lock) {
        Optional<Claim> claim = claim(lock.owner(), lock.file());
        Instant since =
                isLocal(lock.owner())
                        ? local.waitingSince(lock.ticket())
                        : host(lock.owner())
                                .map(host -> host.waiting().get(lock.ticket()))
                                .map(RemoteWaiter::since)
                                .orElse(Instant.EPOCH);
        return new ListedWaiter(
                lock.ticket(),
                lock.file(),
                label(lock.owner(), claim.map(Claim::callerName).orElse(NO_NAME)),
                lock.owner(),
                lock.range(),
                lock.mode(),
                since);
    }

    private ListedShare describe(HeldShare share) {
        return new ListedShare(
                share.file(),
                label(share.owner(), callerName(share)),
                share.owner(),
                share.mode(),
                share.count(),
                claim(share.owner(), share.file()).map(Claim::since).orElse(Instant.EPOCH));
    }

    private ListedReason describe(WaitsFor reason) {
        Conflict blocker = reason.blocker();
        HostName callerName =
                claim(blocker.owner(), blocker.file()).map(Claim::callerName).orElse(NO_NAME);
        return new ListedReason(
                describe(reason.waiter()),
                label(blocker.owner(), callerName),
                blocker.owner(),
                blocker.range(),
                blocker.mode(),
                blocker instanceof HeldLock);
    }

    private HostName callerName(HeldShare share) {
        return claim(share.owner(), share.file()).map(Claim::callerName).orElse(NO_NAME);
    }

    private ListedHost describe(ClientHost host) {
        return desk.read(
                host,
                state ->
                        new ListedHost(
                                host.address().address(),
                                state.callerName,
                                state.nsmState,
                                !state.monitoredAt.isEmpty(),
                                desk.table().counts(Scope.of(state.system)),
                                state.unacknowledged.size(),
                                state.unconfirmed(),
                                hosts.addresses(host.address()).stream()
                                        .skip(1)
                                        .map(HostAddress::address)
                                        .toList(),
                                Set.copyOf(state.routes),
                                timers.now().minusNanos(timers.nanoTime() - state.lastHeardNanos)));
    }

    private Optional<Claim> claim(LockOwner owner, FileId file) {
        return isLocal(owner)
                ? local.claims().find(owner, file)
                : host(owner).flatMap(host -> host.claims().find(owner, file));
    }

    private OwnerLabel label(LockOwner owner, HostName callerName) {
        if (isLocal(owner)) {
            return new OwnerLabel.Local(LocalOwner.of(owner));
        }
        RemoteOwner remote = RemoteOwner.of(owner);
        return new OwnerLabel.Remote(
                host(owner).map(host -> host.address().address()).orElse(remote.route().server()),
                callerName,
                remote.svid(),
                remote.ownerHandle(),
                remote.route());
    }

    private Optional<ClientHost> host(LockOwner owner) {
        return hosts.find(owner.system().host());
    }

    private static boolean isLocal(LockOwner owner) {
        return owner.system().equals(SystemId.LOCAL);
    }
}
