package org.oncrpckit.rpc.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * A call as the caller asked for it, encoded. The array is the call's own and exactly as long as
 * the message, since it is kept for retransmission.
 */
final class CallMessage<R> {
    private static final XdrCodec<Void> NO_RESULTS =
            new XdrCodec<>() {
                @Override
                public void encode(XdrWriter writer, Void value) {
                    throw new UnsupportedOperationException("results of a one-way call");
                }

                @Override
                public Void decode(XdrReader reader) {
                    throw new UnsupportedOperationException("results of a one-way call");
                }
            };

    private static final VarHandle INTEGERS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Memory for longer messages than this is not kept. */
    private static final int KEPT_BYTES_MAX = 1 << 13;

    /** What a thread encodes in: most of what a small call would allocate. */
    private static final ThreadLocal<@Nullable XdrWriter> WRITER = new ThreadLocal<>();

    private final Procedure<?, R> procedure;
    private final CallOptions options;
    private final boolean oneWay;
    private final byte[] bytes;

    private CallMessage(
            Procedure<?, R> procedure, CallOptions options, boolean oneWay, byte[] bytes) {
        this.procedure = procedure;
        this.options = options;
        this.oneWay = oneWay;
        this.bytes = bytes;
    }

    static <A, R> CallMessage<R> of(
            Procedure<A, R> procedure, A arguments, CallOptions options, boolean oneWay) {
        Objects.requireNonNull(procedure, "procedure");
        Objects.requireNonNull(options, "options");
        XdrWriter writer = borrow();
        new CallHeader(
                        0,
                        procedure.programVersion(),
                        procedure.number(),
                        options.credential(),
                        OpaqueAuth.NONE)
                .encode(writer);
        procedure.arguments().encode(writer, arguments);
        byte[] bytes = writer.toByteArray();
        if (bytes.length <= KEPT_BYTES_MAX) {
            WRITER.set(writer);
        }
        return new CallMessage<>(procedure, options, oneWay, bytes);
    }

    /** The thread's writer, which is its own again when a message is finished. */
    private static XdrWriter borrow() {
        XdrWriter kept = WRITER.get();
        if (kept == null) {
            return new XdrWriter();
        }
        // Whoever makes a call while arguments are encoded gets another one.
        WRITER.set(null);
        kept.clear();
        return kept;
    }

    static <A> CallMessage<Void> oneWay(
            Procedure<A, ?> procedure, A arguments, CallOptions options) {
        Objects.requireNonNull(procedure, "procedure");
        Procedure<A, Void> withoutResults =
                new Procedure<>(
                        procedure.programVersion(),
                        procedure.number(),
                        procedure.name(),
                        procedure.arguments(),
                        NO_RESULTS);
        return of(withoutResults, arguments, options, true);
    }

    /** What is called, and how its results are decoded. */
    Procedure<?, R> procedure() {
        return procedure;
    }

    CallOptions options() {
        return options;
    }

    /** Whether nobody waits for a reply. */
    boolean oneWay() {
        return oneWay;
    }

    /** Writes the xid into a message, where every one begins (RFC 5531 section 9). */
    static void setXid(byte[] message, int xid) {
        INTEGERS.set(message, 0, xid);
    }

    /** The array itself; its first four bytes are room for the xid. */
    byte[] bytes() {
        return bytes;
    }
}
