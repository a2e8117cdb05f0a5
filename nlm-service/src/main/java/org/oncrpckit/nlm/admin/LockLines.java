package org.oncrpckit.nlm.admin;

import java.time.Duration;
import java.time.Instant;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.ListedLock;
import org.oncrpckit.nlm.ListedWaiter;
import org.oncrpckit.nlm.OwnerLabel;
import org.oncrpckit.xdr.Opaque;

/** Turns the service's listings into lines for people. */
final class LockLines {
    private LockLines() {}

    static LockLine of(ListedLock lock, Instant now) {
        return line(
                lock.file(),
                lock.range(),
                lock.mode(),
                lock.owner(),
                Duration.between(lock.since(), now),
                lock.unconfirmed());
    }

    static LockLine of(ListedWaiter waiter, Instant now) {
        return line(
                waiter.file(),
                waiter.range(),
                waiter.mode(),
                waiter.owner(),
                Duration.between(waiter.since(), now),
                false);
    }

    private static LockLine line(
            FileId file,
            LockRange range,
            LockMode mode,
            OwnerLabel owner,
            Duration age,
            boolean unconfirmed) {
        return new LockLine(
                Opaque.copyOf(file.toByteArray()),
                range.first(),
                range.last(),
                mode == LockMode.EXCLUSIVE,
                describe(owner),
                Math.max(0, age.toSeconds()),
                unconfirmed);
    }

    /** One line, safe to print: what a client calls itself is escaped. */
    static String describe(OwnerLabel owner) {
        if (owner instanceof OwnerLabel.Remote remote) {
            return remote.client().getHostAddress()
                    + " "
                    + remote.callerName()
                    + " svid "
                    + Integer.toUnsignedString(remote.svid());
        }
        OwnerLabel.Local local = (OwnerLabel.Local) owner;
        return "local " + printable(local.owner().name());
    }

    /** Printable ASCII as it is, everything else as in a URL. */
    private static String printable(Opaque text) {
        StringBuilder shown = new StringBuilder();
        for (byte each : text.toByteArray()) {
            if (each >= ' ' && each <= '~') {
                shown.append((char) each);
            } else {
                shown.append(String.format("%%%02x", each & 0xff));
            }
        }
        return shown.toString();
    }
}
