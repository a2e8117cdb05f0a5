package org.oncrpckit.nlm.protocol;

import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** The arguments of LOCK, read without making numbers into objects. Thread-safe. */
final class LockArgsCodec implements XdrCodec<LockArgs> {
    private final XdrCodec<Opaque> cookie;
    private final XdrCodec<WireLock> lock;

    LockArgsCodec(XdrCodec<Opaque> cookie, XdrCodec<WireLock> lock) {
        this.cookie = cookie;
        this.lock = lock;
    }

    @Override
    public void encode(XdrWriter writer, LockArgs args) {
        cookie.encode(writer, args.cookie());
        writer.writeBoolean(args.block());
        writer.writeBoolean(args.exclusive());
        lock.encode(writer, args.lock());
        writer.writeBoolean(args.reclaim());
        writer.writeInt(args.state());
    }

    @Override
    public LockArgs decode(XdrReader reader) throws XdrException {
        return new LockArgs(
                cookie.decode(reader),
                reader.readBoolean(),
                reader.readBoolean(),
                lock.decode(reader),
                reader.readBoolean(),
                reader.readInt());
    }
}
