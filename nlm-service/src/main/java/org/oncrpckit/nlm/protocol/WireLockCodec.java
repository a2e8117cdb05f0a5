package org.oncrpckit.nlm.protocol;

import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.DerivedMemo;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.OpaqueMemo;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * The description of a lock, which is in nearly every call. Written by hand, field by field as
 * {@link NlmCodecs} shows them, because it is read without making numbers into objects, and because
 * the names and handles of a client that locks and unlocks are the same ones again and again: those
 * that came lately are recognized by their bytes, and so is the lock that is unlocked as it was
 * locked. Thread-safe.
 */
final class WireLockCodec implements XdrCodec<WireLock> {
    /** Hosts that are at work at one time, about. */
    private static final int NAMES_KEPT = 256;

    /** Files and owners that are at work at one time, about. */
    private static final int HANDLES_KEPT = 1024;

    private static final XdrCodec<Opaque> NAME =
            XdrCodecs.opaque(Nlm.CALLER_NAME_BYTES_MAX, new OpaqueMemo(NAMES_KEPT));
    private static final DerivedMemo<HostName> HOST_NAMES =
            new DerivedMemo<>(NAMES_KEPT, HostName::new);
    private static final XdrCodec<Opaque> HANDLE =
            XdrCodecs.opaque(Nlm.NETOBJ_BYTES_MAX, new OpaqueMemo(HANDLES_KEPT));
    private static final RecentLocks LOCKS = new RecentLocks();

    private final boolean wide;

    /**
     * Of one of the two formats.
     *
     * @param wide whether offsets and lengths have 64 bits, as in version 4
     */
    WireLockCodec(boolean wide) {
        this.wide = wide;
    }

    @Override
    public void encode(XdrWriter writer, WireLock lock) {
        NAME.encode(writer, lock.callerName().bytes());
        HANDLE.encode(writer, lock.fileHandle());
        HANDLE.encode(writer, lock.ownerHandle());
        writer.writeInt(lock.svid());
        encodeOffset(writer, lock.offset());
        encodeOffset(writer, lock.length());
    }

    @Override
    public WireLock decode(XdrReader reader) throws XdrException {
        return LOCKS.get(
                HOST_NAMES.get(NAME.decode(reader)),
                HANDLE.decode(reader),
                HANDLE.decode(reader),
                reader.readInt(),
                decodeOffset(reader),
                decodeOffset(reader));
    }

    private void encodeOffset(XdrWriter writer, long offset) {
        if (wide) {
            writer.writeLong(offset);
        } else {
            writer.writeUnsignedInt(offset);
        }
    }

    private long decodeOffset(XdrReader reader) throws XdrException {
        return wide ? reader.readLong() : reader.readUnsignedInt();
    }
}
