package org.oncrpckit.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * The body of an AUTH_SYS credential (RFC 5531 appendix A): numbers that the caller claims and
 * nobody proves.
 *
 * <pre>
 * +-------+--------+--------------------+-----+-----+-------+---------------+
 * | stamp | length | machine name (255) | uid | gid | count | gids (max 16) |
 * +-------+--------+--------------------+-----+-----+-------+---------------+
 * </pre>
 *
 * @param stamp anything the caller likes
 * @param machineName name of the caller's machine, at most {@link #MACHINE_NAME_BYTES_MAX} bytes in
 *     no particular character set
 * @param uid effective user number, as unsigned bits
 * @param gid effective group number, as unsigned bits
 * @param gids further groups, as unsigned bits, at most {@link #GIDS_MAX}
 */
public record AuthSys(int stamp, Opaque machineName, int uid, int gid, List<Integer> gids) {
    /** Longest machine name. */
    public static final int MACHINE_NAME_BYTES_MAX = 255;

    /** Most further groups. */
    public static final int GIDS_MAX = 16;

    /** Checks the limits and copies the groups. */
    public AuthSys {
        Objects.requireNonNull(machineName, "machineName");
        gids = List.copyOf(gids);
        if (machineName.length() > MACHINE_NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "machine name of %d bytes (limit %d)"
                            .formatted(machineName.length(), MACHINE_NAME_BYTES_MAX));
        }
        if (gids.size() > GIDS_MAX) {
            throw new IllegalArgumentException(
                    "%d groups (limit %d)".formatted(gids.size(), GIDS_MAX));
        }
    }

    /**
     * Reads the body of an AUTH_SYS credential.
     *
     * @throws XdrException when the flavour is another, a limit is exceeded, or bytes are missing
     *     or left over
     */
    public static AuthSys decode(OpaqueAuth auth) throws XdrException {
        if (auth.flavor() != AuthFlavor.SYS) {
            throw new XdrException(
                    "auth flavor " + auth.flavor() + " (expected: " + AuthFlavor.SYS + ")");
        }
        XdrReader reader = XdrReader.of(auth.body());
        int stamp = reader.readInt();
        Opaque machineName = reader.readOpaque(MACHINE_NAME_BYTES_MAX);
        int uid = reader.readInt();
        int gid = reader.readInt();
        int count = reader.readLength(GIDS_MAX);
        List<Integer> gids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            gids.add(reader.readInt());
        }
        reader.expectEnd();
        return new AuthSys(stamp, machineName, uid, gid, gids);
    }

    /** The credential as it travels. */
    public OpaqueAuth toOpaqueAuth() {
        XdrWriter writer = new XdrWriter(OpaqueAuth.BODY_BYTES_MAX);
        writer.writeInt(stamp);
        writer.writeOpaque(machineName);
        writer.writeInt(uid);
        writer.writeInt(gid);
        writer.writeInt(gids.size());
        for (int each : gids) {
            writer.writeInt(each);
        }
        return new OpaqueAuth(AuthFlavor.SYS, writer.toOpaque());
    }
}
