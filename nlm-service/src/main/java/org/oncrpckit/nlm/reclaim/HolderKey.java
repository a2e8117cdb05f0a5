package org.oncrpckit.nlm.reclaim;

import java.nio.ByteBuffer;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.xdr.Opaque;

/**
 * An owner's presence on a file, the same from one run to the next.
 *
 * @param host the client host
 * @param ownerAndFile the owner on it, then the file:
 *     <pre>
 *  0               2             2+length        10+length
 * +---------------+-------------+---------------+-----------------------+
 * | handle length | handle      | number        | file, up to the end   |
 * +---------------+-------------+---------------+-----------------------+
 * </pre>
 */
record HolderKey(Opaque host, Opaque ownerAndFile) {
    static HolderKey of(Opaque host, LockOwner owner, FileId file) {
        return new HolderKey(host, bytes(owner, file.toByteArray()));
    }

    /** The beginning that all keys of an owner have, and no key of another one. */
    static Opaque owner(LockOwner owner) {
        return bytes(owner, new byte[0]);
    }

    private static Opaque bytes(LockOwner owner, byte[] file) {
        byte[] handle = owner.handle();
        ByteBuffer bytes =
                ByteBuffer.allocate(Short.BYTES + handle.length + Long.BYTES + file.length);
        bytes.putShort((short) handle.length).put(handle).putLong(owner.number()).put(file).flip();
        return Opaque.copyOf(bytes);
    }
}
