package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * One call that has found its procedure, to its end. However many threads try to end it (the
 * handler, whoever answers for it later, the time limit), the first one does, and the others are
 * counted and ignored.
 */
final class ServedCall<R> implements AsyncCall<R> {
    /** Longest UDP payload over IPv4. */
    private static final int DATAGRAM_BYTES_MAX = 65_507;

    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(ServedCall.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ServedEndpoint origin;
    private final SocketAddress peer;
    private final CallHeader header;
    private final Authentication.Accepted caller;
    private final HostedProgram program;
    private final ServedProcedure<?, R> procedure;

    /** Where the reply goes: where the call came from, or its latest duplicate. */
    private volatile ServedEndpoint replyTo;

    /** Set by whoever ends the call. */
    @SuppressWarnings("unused") // through ENDED
    private volatile boolean ended;

    /** Written by CallPlacement, before anybody else knows of the call. */
    private @Nullable CallKey remembered;

    /** Nothing more will be sent. */
    @GuardedBy("this")
    private boolean replied;

    /** What the call takes from others since it has outlived its I/O thread's visit. */
    @GuardedBy("this")
    private @Nullable Deferral deferral;

    @GuardedBy("this")
    private @Nullable List<Runnable> afterReply;

    ServedCall(
            ServedEndpoint origin,
            SocketAddress peer,
            CallHeader header,
            Authentication.Accepted caller,
            HostedProgram program,
            ServedProcedure<?, R> procedure) {
        this.origin = origin;
        this.peer = peer;
        this.header = header;
        this.caller = caller;
        this.program = program;
        this.procedure = procedure;
        this.replyTo = origin;
    }

    @Override
    public CallHeader header() {
        return header;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    @Override
    public Endpoint endpoint() {
        return origin.endpoint();
    }

    @Override
    public Credential credential() {
        return caller.credential();
    }

    /** Where the call arrived. */
    ServedEndpoint origin() {
        return origin;
    }

    private ServerParts parts() {
        return origin.parts();
    }

    /** Whose limits the call counts against. */
    Object host() {
        return origin.hostOf(peer);
    }

    /** What the call is recognized by when it comes again. */
    CallKey key(ByteBuffer arguments) {
        return new CallKey(this, arguments);
    }

    Authentication.Accepted caller() {
        return caller;
    }

    HostedProgram program() {
        return program;
    }

    ServedProcedure<?, R> procedure() {
        return procedure;
    }

    @Override
    public void whenRepeated(Runnable action) {
        CallKey key = remembered;
        if (key != null) {
            parts().replies().whenRepeated(key, action);
        }
    }

    @Override
    public void afterReply(Runnable action) {
        synchronized (this) {
            if (!replied) {
                if (afterReply == null) {
                    afterReply = new ArrayList<>(1);
                }
                afterReply.add(action);
                return;
            }
        }
        runAfterReply(action);
    }

    @Override
    public String toString() {
        return "%s (%s procedure %s) from %s, xid %08x, %s"
                .formatted(
                        procedure.procedure().name(),
                        header.programVersion(),
                        Integer.toUnsignedString(header.procedure()),
                        peer,
                        header.xid(),
                        origin.endpoint());
    }

    /**
     * Ends the call with results.
     *
     * @return false when it had ended already
     */
    @CanIgnoreReturnValue
    <T> boolean succeed(XdrCodec<T> codec, T results) {
        if (!claim()) {
            parts().events().lateResult(this);
            return false;
        }
        encode(codec, results);
        return true;
    }

    /** While the peer does not read, encoded results would only take memory a second time. */
    @Override
    public boolean answer(R results) {
        if (!claim()) {
            parts().events().lateResult(this);
            return false;
        }
        XdrCodec<R> codec = procedure.procedure().results();
        ConnectionGate gate = replyTo.gate();
        if (gate.isOpen()) {
            encode(codec, results);
        } else {
            stopTimeLimit();
            gate.whenOpen(() -> encode(codec, results));
        }
        return true;
    }

    private <T> void encode(XdrCodec<T> codec, T results) {
        XdrWriter writer = parts().sender().take();
        CallOutcome outcome = CallOutcome.SUCCESS;
        try {
            encodeStatus(writer, AcceptStatus.SUCCESS);
            int start = writer.position();
            codec.encode(writer, results);
            caller.seal().close(writer, start);
            checkLength(writer.position());
        } catch (Throwable t) {
            parts().events().handlerFailed(this, t);
            writer.clear();
            encodeStatus(writer, AcceptStatus.SYSTEM_ERR);
            outcome = CallOutcome.SYSTEM_ERR;
        }
        reply(writer, outcome, true);
    }

    /**
     * Ends the call with a reply that has no results.
     *
     * @param executed whether the handler may have done something
     * @return false when it had ended already
     */
    boolean endWith(ReplyHeader reply, CallOutcome outcome, boolean executed) {
        if (!claim()) {
            parts().events().lateResult(this);
            return false;
        }
        XdrWriter writer = parts().sender().take();
        reply.encode(writer);
        reply(writer, outcome, executed);
        return true;
    }

    @Override
    @CanIgnoreReturnValue
    public boolean fail(Throwable thrown) {
        Throwable failure = Failures.causeOf(thrown);
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        boolean first = claim();
        if (failure instanceof CallRejectedException rejection) {
            if (first) {
                deny(rejection.status());
            } else {
                parts().events().lateResult(this);
            }
            return first;
        }
        if (first) {
            endWith(AcceptStatus.SYSTEM_ERR, CallOutcome.SYSTEM_ERR, true);
        } else {
            parts().events().lateResult(this);
        }
        parts().events().handlerFailed(this, failure);
        return first;
    }

    /** Ends the call because its arguments cannot be decoded. */
    void garbage(Exception why) {
        if (claim()) {
            parts().events().garbage(this, why);
            answer(AcceptStatus.GARBAGE_ARGS, CallOutcome.GARBAGE_ARGS, false);
        }
    }

    /** Ends a call that was executed and gets no reply. */
    void endWithoutReply(CallOutcome outcome) {
        if (claim()) {
            keep(ReplyCache.NO_REPLY);
            end(outcome);
        } else {
            parts().events().lateResult(this);
        }
    }

    /** Ends a call that was not executed and gets no reply. */
    void drop(CallOutcome outcome) {
        if (claim()) {
            forget();
            end(outcome);
        }
    }

    /** Ends a call whose program was removed while it was being looked up. */
    void programGone() {
        if (claim()) {
            answer(AcceptStatus.PROG_UNAVAIL, CallOutcome.PROG_UNAVAIL, false);
        }
    }

    /** From now on the reply is kept for duplicates. */
    void remember(CallKey key) {
        remembered = key;
    }

    /** A duplicate came from another connection: nobody may be listening on the first any more. */
    void redirect(ServedEndpoint latest) {
        replyTo = latest;
    }

    /**
     * The call outlives the I/O thread's visit, unless it has been replied to.
     *
     * @param bytes length of its arguments
     * @param hold whether its connection is not read until it has ended
     * @return false when it has been replied to
     */
    @CanIgnoreReturnValue
    boolean defer(int bytes, boolean hold) {
        Deferral begun;
        synchronized (this) {
            if (replied) {
                return false;
            }
            begun = new Deferral(this, bytes, hold);
            deferral = begun;
        }
        begun.begin();
        return true;
    }

    /**
     * The handler has returned. If it has not answered, somebody else will, or the time limit ends
     * the call; see {@link #defer}.
     */
    void awaitAnswer(int bytes, boolean hold) {
        if (defer(bytes, hold) && !ended) {
            startTimeLimit();
        }
    }

    /** Decodes the arguments and runs the handler, unless the call has ended while it waited. */
    void execute(XdrReader arguments) {
        if (ended) {
            return;
        }
        try {
            procedure.invoke(this, arguments);
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** A deferred call ends with SYSTEM_ERR if nothing else ends it in time. */
    void startTimeLimit() {
        Deferral begun = deferral();
        if (begun != null) {
            begun.startTimeLimit();
        }
    }

    /** Nothing is expected of the handler at the moment. */
    void stopTimeLimit() {
        Deferral begun = deferral();
        if (begun != null) {
            begun.stopTimeLimit();
        }
    }

    private synchronized @Nullable Deferral deferral() {
        return deferral;
    }

    /** The time limit ends the call. */
    void timeUp() {
        if (claim()) {
            endWith(AcceptStatus.SYSTEM_ERR, CallOutcome.TIME_LIMIT, true);
        }
    }

    /** Whether somebody has ended the call, though its reply may still be on its way. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether the caller of this method is the one who ends the call. */
    private boolean claim() {
        return ENDED.compareAndSet(this, false, true);
    }

    private void endWith(AcceptStatus status, CallOutcome outcome, boolean executed) {
        if (procedure.oneWay()) {
            keep(ReplyCache.NO_REPLY);
            end(outcome);
        } else {
            answer(status, outcome, executed);
        }
    }

    private void answer(AcceptStatus status, CallOutcome outcome, boolean executed) {
        XdrWriter writer = parts().sender().take();
        encodeStatus(writer, status);
        reply(writer, outcome, executed);
    }

    private void deny(AuthStatus status) {
        if (procedure.oneWay()) {
            keep(ReplyCache.NO_REPLY);
            end(CallOutcome.AUTH_ERROR);
            return;
        }
        XdrWriter writer = parts().sender().take();
        new ReplyHeader.AuthError(header.xid(), status).encode(writer);
        reply(writer, CallOutcome.AUTH_ERROR, true);
    }

    private void encodeStatus(XdrWriter writer, AcceptStatus status) {
        new ReplyHeader.Accepted(header.xid(), caller.verifier(), status).encode(writer);
    }

    private void checkLength(int bytes) {
        if (bytes > DATAGRAM_BYTES_MAX && origin.endpoint().transport() == Transport.UDP) {
            throw new IllegalArgumentException(
                    "reply of %d bytes over UDP (limit %d)".formatted(bytes, DATAGRAM_BYTES_MAX));
        }
    }

    private void reply(XdrWriter writer, CallOutcome outcome, boolean executed) {
        ByteBuffer message = writer.view();
        // Remembered first: once the reply is out, a duplicate may be here at any moment.
        if (executed) {
            keep(message);
        } else {
            forget();
        }
        parts().sender().send(replyTo, peer, message);
        parts().sender().giveBack(writer);
        end(outcome);
    }

    private void keep(ByteBuffer reply) {
        if (remembered != null) {
            parts().replies().end(remembered, reply, parts().timers().nanoTime());
        }
    }

    private void forget() {
        if (remembered != null) {
            parts().replies().forget(remembered);
        }
    }

    /** Nothing more will be sent: gives back what the call holds and runs what waited for this. */
    private void end(CallOutcome outcome) {
        List<Runnable> actions;
        Deferral begun;
        synchronized (this) {
            replied = true;
            begun = deferral;
            actions = afterReply;
            afterReply = null;
        }
        if (begun != null) {
            begun.end();
        }
        if (actions != null) {
            actions.forEach(this::runAfterReply);
        }
        parts().events().callEnded(this, outcome);
        parts().inProgress().end();
    }

    private void runAfterReply(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            parts().events().actionFailed(this, t);
        }
    }
}
