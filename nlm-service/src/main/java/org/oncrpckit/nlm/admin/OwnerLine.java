package org.oncrpckit.nlm.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.nlm.OwnerLabel;
import org.oncrpckit.nlm.Route;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.xdr.Opaque;

/**
 * An owner of locks, for people and programs.
 *
 * @param host the client's address, or "local"
 * @param name what the client calls itself, or what a local process is called; escaped, unverified
 * @param id the owner's identity: its number, a dot, and a digest of all that makes it different
 *     from others (host, way, handle); stays the same across restarts
 * @param number svid on a client, process id on this host
 * @param handle the owner in the client's own words
 * @param way how it comes here, as in "v4/tcp/192.0.2.1"; empty for local owners
 */
public record OwnerLine(
        String host, String name, String id, long number, Opaque handle, String way) {
    /** What {@link #host} is for processes of this host. */
    public static final String LOCAL = "local";

    private static final int DIGEST_BYTES = 4;

    static OwnerLine of(OwnerLabel label, LockOwner key) {
        if (label instanceof OwnerLabel.Remote remote) {
            String host = ListenAddresses.format(remote.client());
            long number = Integer.toUnsignedLong(remote.svid());
            return new OwnerLine(
                    host,
                    Printable.name(remote.callerName().toString()),
                    id(host, number, key),
                    number,
                    remote.ownerHandle(),
                    way(remote.route()));
        }
        OwnerLabel.Local local = (OwnerLabel.Local) label;
        long number = local.owner().number();
        Opaque handle = local.owner().name();
        return new OwnerLine(
                LOCAL,
                Printable.name(Printable.text(handle)),
                id(LOCAL, number, key),
                number,
                handle,
                "");
    }

    static String way(Route way) {
        return "v"
                + way.version()
                + "/"
                + way.transport().name().toLowerCase(Locale.ROOT)
                + "/"
                + ListenAddresses.format(way.server());
    }

    /** The handle in the lock table starts with the way, so it makes the difference. */
    private static String id(String host, long number, LockOwner key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(host.getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            digest.update(key.handle());
            String hash = HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
            return Long.toUnsignedString(number) + "." + hash;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    boolean isOn(String wanted) {
        return host.equals(wanted) || (!host.equals(LOCAL) && isName(wanted, name));
    }

    /** Whether a name that an operator gives is the one that a host gives itself. */
    static boolean isName(String wanted, String name) {
        return !name.isEmpty() && HostName.of(wanted).sameHost(HostName.of(name));
    }

    boolean isCalled(String wanted) {
        return id.equals(wanted)
                || Long.toUnsignedString(number).equals(wanted)
                || Printable.text(handle).equals(wanted);
    }

    /** With the identity that tells it from all others. */
    String describe() {
        return id + " on " + host + (name.isEmpty() ? "" : " (" + name + ")");
    }

    /** One line, safe to print. */
    @Override
    public String toString() {
        return host.equals(LOCAL) ? LOCAL + " " + name : host + " " + name + " svid " + number;
    }
}
