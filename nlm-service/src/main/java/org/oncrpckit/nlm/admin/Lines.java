package org.oncrpckit.nlm.admin;

import java.time.Duration;
import java.time.Instant;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.ListedHost;
import org.oncrpckit.nlm.ListedLock;
import org.oncrpckit.nlm.ListedReason;
import org.oncrpckit.nlm.ListedShare;
import org.oncrpckit.nlm.ListedWaiter;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.xdr.Opaque;

/** Turns the service's listings into lines. */
final class Lines {
    private Lines() {}

    static LockLine of(ListedLock lock, Instant now) {
        return new LockLine(
                bytes(lock.file()),
                lock.range().first(),
                lock.range().last(),
                lock.mode() == LockMode.EXCLUSIVE,
                OwnerLine.of(lock.owner(), lock.key()),
                age(lock.since(), now),
                lock.unconfirmed());
    }

    static LockLine of(ListedWaiter waiter, Instant now) {
        return new LockLine(
                bytes(waiter.file()),
                waiter.range().first(),
                waiter.range().last(),
                waiter.mode() == LockMode.EXCLUSIVE,
                OwnerLine.of(waiter.owner(), waiter.key()),
                age(waiter.since(), now),
                false);
    }

    static ShareLine of(ListedShare share, Instant now) {
        return new ShareLine(
                bytes(share.file()),
                share(share.mode().access()),
                share(share.mode().deny()),
                OwnerLine.of(share.owner(), share.key()),
                share.count(),
                age(share.since(), now));
    }

    static WaitLine of(ListedReason reason, Instant now) {
        return new WaitLine(
                of(reason.waiter(), now),
                OwnerLine.of(reason.blocker(), reason.blockerKey()),
                reason.range().first(),
                reason.range().last(),
                reason.mode() == LockMode.EXCLUSIVE,
                reason.held());
    }

    static HostLine of(ListedHost host, Instant now) {
        return new HostLine(
                ListenAddresses.format(host.address()),
                host.aliases().stream().map(ListenAddresses::format).sorted().toList(),
                Printable.name(host.callerName().toString()),
                host.nsmState(),
                host.monitored(),
                host.routes().stream().map(OwnerLine::way).sorted().toList(),
                new HostLine.Use(
                        host.counts().held(),
                        host.counts().waiting(),
                        host.counts().shares(),
                        host.unacknowledged(),
                        host.unconfirmed()),
                age(host.lastHeard(), now));
    }

    private static Opaque bytes(FileId file) {
        return Opaque.copyOf(file.toByteArray());
    }

    private static String share(Share share) {
        return share == Share.READ_WRITE ? "BOTH" : share.name();
    }

    /** What has just gone has no beginning any more; its age is as good as none. */
    private static long age(Instant since, Instant now) {
        return since.equals(Instant.EPOCH)
                ? 0
                : Math.max(0, Duration.between(since, now).toSeconds());
    }
}
