package org.oncrpckit.rpc.server;

import java.nio.ByteBuffer;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrReader;

/**
 * A procedure together with what serves it.
 *
 * @param procedure number and codecs
 * @param repetition what a duplicate of a call means
 * @param asynchronous whether calls may outlive the invocation
 * @param invoker runs the handler and sees to the end of the call
 */
record ServedProcedure<A, R>(
        Procedure<A, R> procedure,
        Repetition repetition,
        boolean asynchronous,
        Invoker<A, R> invoker) {
    /** Runs a handler; what it throws ends the call too. */
    @FunctionalInterface
    interface Invoker<A, R> {
        void invoke(ServedCall<R> call, A arguments) throws Exception;
    }

    static <A, R> ServedProcedure<A, R> answering(
            Procedure<A, R> procedure, Repetition repetition, RpcHandler<A, R> handler) {
        return new ServedProcedure<>(
                procedure,
                repetition,
                false,
                (call, arguments) ->
                        call.succeed(procedure.results(), handler.handle(call, arguments)));
    }

    static <A, R> ServedProcedure<A, R> answeringLater(
            Procedure<A, R> procedure, Repetition repetition, AsyncRpcHandler<A, R> handler) {
        return new ServedProcedure<>(procedure, repetition, true, handler::handle);
    }

    static <A, R> ServedProcedure<A, R> oneWay(
            Procedure<A, R> procedure, RpcHandler<A, ?> handler) {
        return new ServedProcedure<>(
                procedure,
                Repetition.ONE_WAY,
                false,
                (call, arguments) -> {
                    handler.handle(call, arguments);
                    call.endWithoutReply(CallOutcome.ONE_WAY);
                });
    }

    /** Any procedure of a version, decoded by nobody but the handler. */
    static ServedProcedure<ByteBuffer, ByteBuffer> raw(
            ProgramVersion programVersion, Repetition repetition, RawRpcHandler handler) {
        return new ServedProcedure<>(
                new Procedure<>(programVersion, 0, "any", RawBytes.RAW_BYTES, RawBytes.RAW_BYTES),
                repetition,
                repetition != Repetition.ONE_WAY,
                (call, arguments) -> {
                    handler.handle(new RawServedCall(call, arguments));
                    if (repetition == Repetition.ONE_WAY) {
                        call.endWithoutReply(CallOutcome.ONE_WAY);
                    }
                });
    }

    /** Procedure 0, which every version of every program has (RFC 5531 section 12.1). */
    static ServedProcedure<Nothing, Nothing> ping(ProgramVersion programVersion) {
        return answering(
                new Procedure<>(programVersion, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID),
                Repetition.IDEMPOTENT,
                (call, nothing) -> nothing);
    }

    /** Whether a duplicate must not run the handler again. */
    boolean remembered() {
        return repetition != Repetition.IDEMPOTENT;
    }

    boolean oneWay() {
        return repetition == Repetition.ONE_WAY;
    }

    /**
     * Decodes and runs the handler.
     *
     * <p>Bytes behind the arguments are ignored, as in every other server: clients that send them
     * exist. A codec that throws something else than an {@link Error} has met bytes that it cannot
     * make a value of.
     */
    void invoke(ServedCall<R> call, XdrReader reader) throws Exception {
        A arguments;
        try {
            arguments = procedure.arguments().decode(reader);
        } catch (Exception e) {
            call.garbage(e);
            return;
        }
        invoker.invoke(call, arguments);
    }
}
