package org.oncrpckit.nlm.admin;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Which lines of a listing are wanted: those that all parts of it allow.
 *
 * @param host an address as listings show it, a name that a host calls itself (full or short, in
 *     any case), or "local"; empty for all
 * @param file the bytes that name a file; none for all
 * @param owner the identity that listings show, the number alone, or the handle as text; empty for
 *     all
 * @param olderThanSeconds held or waiting for at least so long; 0 for all
 */
public record ListFilter(String host, Opaque file, String owner, long olderThanSeconds) {
    /** Everything. */
    public static final ListFilter ALL = new ListFilter("", Opaque.EMPTY, "", 0);

    /** Refuses nulls and negative ages. */
    public ListFilter {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        if (olderThanSeconds < 0) {
            throw new IllegalArgumentException(
                    "age of " + olderThanSeconds + " s (expected: 0 or more)");
        }
    }

    boolean wants(LockLine line) {
        return wants(line.file(), line.who(), line.ageSeconds());
    }

    boolean wants(ShareLine line) {
        return wants(line.file(), line.who(), line.ageSeconds());
    }

    boolean wants(WaitLine line) {
        return wants(line.waiter());
    }

    /** Of a host, only its name and addresses count. */
    boolean wants(HostLine line) {
        return host.isEmpty() || line.isCalled(host);
    }

    /** Of an owner, neither file nor age count. */
    boolean wants(OwnerLine who) {
        return (host.isEmpty() || who.isOn(host)) && (owner.isEmpty() || who.isCalled(owner));
    }

    private boolean wants(Opaque lineFile, OwnerLine who, long ageSeconds) {
        return (file.length() == 0 || file.equals(lineFile))
                && wants(who)
                && ageSeconds >= olderThanSeconds;
    }
}
