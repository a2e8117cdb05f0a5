package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.IoThread;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/**
 * One call from the caller's request to its end, and the future that the caller holds. It is its
 * own future so that a call costs little memory and ending the future, by whatever method, ends the
 * call; and the task of its own timer.
 *
 * <p>States: waiting for its turn (no channel), in flight (in the table of a channel), ended. Who
 * sets {@code ended} ends the call, alone; what the call holds (timer, xid, place with its peer) is
 * given back before the future completes, so that what depends on it finds the window open.
 *
 * <p>The call's own monitor guards its state. It is held for a few instructions and while a timer
 * is set, never during a send, under another lock, or while the future completes.
 */
final class Call<R> extends CompletableFuture<R> implements ReplyWaiter, Runnable {
    /**
     * How long a message first waits that the socket's buffer or write queue had no room for; then
     * twice as long each time.
     */
    static final long CONGESTION_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    /** Longest such wait: a peer that never reads must not keep us busy. */
    static final long CONGESTION_PAUSE_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private static final long UNTIL_DEADLINE = Long.MAX_VALUE;

    private final ClientContext context;
    private final RpcTarget target;
    private final Procedure<?, R> procedure;
    private final Retransmission policy;
    private final boolean oneWay;
    private final boolean anyReplyPort;
    private final byte[] message;
    private final Peer peer;
    private final long startedNanos;
    private final long deadlineNanos;

    /** Links of {@link CallQueue}, guarded by the peer's lock like the place. */
    @Nullable Call<?> previousInQueue;

    @Nullable Call<?> nextInQueue;
    Peer.Place place = Peer.Place.NONE;

    /**
     * Where a call over UDP leaves from, or over a connection that it must go over; set before the
     * peer gets the call.
     */
    private volatile @Nullable CallChannel route;

    @GuardedBy("this")
    private boolean ended;

    @GuardedBy("this")
    private @Nullable CallChannel channel;

    @GuardedBy("this")
    private Timers.@Nullable Timer timer;

    @GuardedBy("this")
    private int xid;

    @GuardedBy("this")
    private int transmissions;

    @GuardedBy("this")
    private boolean repeated;

    @GuardedBy("this")
    private boolean congested;

    @GuardedBy("this")
    private long pauseNanos = CONGESTION_PAUSE_NANOS;

    @GuardedBy("this")
    private long lastSentNanos;

    @GuardedBy("this")
    private long intervalNanos;

    /** A call that has not begun, to a peer that has been acquired for it. */
    Call(ClientContext context, RpcTarget target, CallMessage<R> message, Peer peer) {
        this.context = context;
        this.target = target;
        this.procedure = message.procedure();
        this.policy = message.options().retransmission();
        this.oneWay = message.oneWay();
        this.anyReplyPort = message.options().anyReplyPort();
        this.message = message.bytes();
        this.peer = peer;
        this.startedNanos = context.nanoTime();
        this.deadlineNanos = startedNanos + Deadline.nanos(message.options().timeLimit());
    }

    /** Dependents are plain futures: completing one of them early does not end the call. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    // ------------------------------------------------------------------ waiting and sending

    void routeThrough(CallChannel through) {
        route = through;
    }

    @Nullable CallChannel route() {
        return route;
    }

    /** Makes sure that the time limit holds while the call waits for its turn. */
    void awaitTurn() {
        synchronized (this) {
            if (!ended && timer == null && transmissions == 0) {
                arm(UNTIL_DEADLINE, context.nanoTime());
            }
        }
    }

    /**
     * Begins, when its turn has come.
     *
     * @return false when the channel is closed, and the call as if it had never been given to it
     */
    boolean start(CallChannel through) {
        if (oneWay) {
            return sendOnce(through);
        }
        synchronized (this) {
            channel = through;
        }
        if (!through.register(this)) {
            return false;
        }
        long first = peer.firstInterval(policy);
        synchronized (this) {
            intervalNanos = first;
        }
        transmit();
        return true;
    }

    @Override
    public synchronized boolean takes(int newXid) {
        if (ended) {
            return false;
        }
        xid = newXid;
        CallMessage.setXid(message, newXid);
        return true;
    }

    @Override
    public synchronized boolean hasEnded() {
        return ended;
    }

    private void transmit() {
        CallChannel through;
        boolean again;
        synchronized (this) {
            through = channel;
            if (ended || through == null) {
                return;
            }
            again = transmissions++ > 0;
            repeated |= again;
            congested = false;
            lastSentNanos = context.nanoTime();
            boolean more = !target.transport().isStream() && transmissions < maxTransmissions();
            arm(more ? intervalNanos : UNTIL_DEADLINE, lastSentNanos);
        }
        context.events().sending(this::trace);
        SendOutcome outcome = through.send(target.address(), message);
        if (outcome == SendOutcome.SENT) {
            context.events().sent(again);
        } else {
            notSent(outcome);
        }
    }

    private int maxTransmissions() {
        return policy.transmissionsMax();
    }

    private void notSent(SendOutcome outcome) {
        boolean never;
        synchronized (this) {
            if (ended) {
                return;
            }
            never = --transmissions == 0;
            if (outcome == SendOutcome.CONGESTED) {
                congested = true;
                arm(pauseNanos, context.nanoTime());
                pauseNanos = Math.min(2 * pauseNanos, CONGESTION_PAUSE_NANOS_MAX);
            }
        }
        if (outcome == SendOutcome.CLOSED) {
            fail(trace -> new RpcClosedException("endpoint closed", trace));
        } else if (outcome == SendOutcome.REFUSED && never) {
            peer.refused();
            fail(trace -> new RpcUnreachableException("refused by the socket", trace, null));
        }
    }

    private boolean sendOnce(CallChannel through) {
        int newXid = through.unusedXid();
        synchronized (this) {
            if (ended) {
                return true;
            }
            xid = newXid;
            transmissions = 1;
            CallMessage.setXid(message, newXid);
        }
        context.events().sending(this::trace);
        SendOutcome outcome = through.send(target.address(), message);
        if (outcome == SendOutcome.SENT) {
            context.events().sent(false);
            succeed(null);
            return true;
        }
        synchronized (this) {
            transmissions = 0;
        }
        if (outcome == SendOutcome.CLOSED) {
            return false;
        }
        if (outcome == SendOutcome.REFUSED) {
            peer.refused();
        }
        String what =
                outcome == SendOutcome.CONGESTED ? "socket buffer full" : "refused by the socket";
        fail(trace -> new RpcUnreachableException(what, trace, null));
        return true;
    }

    // ------------------------------------------------------------------ time

    /** Sets the timer to the end of the interval or of the call, whichever comes first. */
    @GuardedBy("this")
    private void arm(long delayNanos, long now) {
        if (timer != null) {
            timer.cancel();
        }
        long left = Math.max(0, deadlineNanos - now);
        timer = context.timers().schedule(Duration.ofNanos(Math.min(delayNanos, left)), this);
    }

    /** Its timer has fired. */
    @Override
    public void run() {
        IoThread.run(this::timerFired);
    }

    private void timerFired() {
        boolean late;
        boolean lost = false;
        boolean sentOnce;
        long sent;
        long interval;
        synchronized (this) {
            if (ended) {
                return;
            }
            long now = context.nanoTime();
            late = deadlineNanos - now <= 0;
            sentOnce = transmissions > 0;
            sent = lastSentNanos;
            interval = intervalNanos;
            if (!late) {
                boolean mayRepeat =
                        !target.transport().isStream() && transmissions < maxTransmissions();
                if (channel == null || !(congested || mayRepeat)) {
                    arm(UNTIL_DEADLINE, now);
                    return;
                }
                lost = !congested;
                if (lost) {
                    intervalNanos = Math.min(2 * interval, Deadline.nanos(policy.longest()));
                }
            }
        }
        if (late) {
            String what = sentOnce ? "no reply" : peer.obstacle();
            fail(trace -> new RpcTimeoutException(what, trace));
            return;
        }
        if (lost) {
            peer.lost(policy, sent, interval);
        }
        transmit();
    }

    // ------------------------------------------------------------------ the end

    @Override
    public boolean expects(SocketAddress from) {
        return target.transport().isStream()
                || context.anyReplyAddress()
                || ScopedAddress.matches(target.address(), from, anyReplyPort);
    }

    /** False when the reply's header is malformed; over UDP a better one may follow. */
    @Override
    public boolean replied(SocketAddress from, ByteBuffer reply) {
        XdrReader reader = XdrReader.of(reply);
        ReplyHeader header;
        try {
            header = ReplyHeader.decode(reader);
        } catch (XdrException e) {
            if (target.transport().isStream()) {
                finish(true, trace -> new RpcBadReplyException(trace, e));
            }
            return false;
        }
        if (header instanceof ReplyHeader.Accepted accepted
                && accepted.status() == AcceptStatus.SUCCESS) {
            decodeResults(reader);
        } else {
            finish(true, trace -> new RpcRejectedException(header, trace));
        }
        return true;
    }

    private void decodeResults(XdrReader reader) {
        R results;
        try {
            // Bytes behind the results are ignored: servers in the field pad their replies.
            results = procedure.results().decode(reader);
        } catch (XdrException | RuntimeException | StackOverflowError e) {
            finish(true, trace -> new RpcBadReplyException(trace, e));
            return;
        }
        succeed(results);
    }

    private void succeed(@Nullable R results) {
        if (!end(!oneWay)) {
            return;
        }
        context.events().succeeded();
        super.complete(results);
    }

    @Override
    public void fail(Function<CallTrace, RpcException> why) {
        finish(false, why);
    }

    private void finish(boolean replied, Function<CallTrace, RpcException> why) {
        if (!end(replied)) {
            return;
        }
        RpcException failure = why.apply(trace());
        context.events().failed(failure);
        super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        endByCaller();
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean complete(@Nullable R value) {
        endByCaller();
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        endByCaller();
        return super.completeExceptionally(failure);
    }

    private void endByCaller() {
        if (end(false)) {
            context.events().cancelled(this::trace);
        }
    }

    /** Gives back what the call holds; true for the one who ended it. */
    private boolean end(boolean replied) {
        Timers.Timer armed;
        CallChannel registered;
        int registeredXid;
        long sinceSent;
        boolean measurable;
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            armed = timer;
            timer = null;
            registered = channel;
            registeredXid = xid;
            sinceSent = context.nanoTime() - lastSentNanos;
            measurable = replied && !repeated;
        }
        if (armed != null) {
            armed.cancel();
        }
        if (registered != null) {
            registered.forget(registeredXid, this);
        }
        context.events().ended();
        if (replied) {
            context.events().replied(this::trace, sinceSent);
        }
        peer.ended(this, replied, measurable ? sinceSent : -1);
        return true;
    }

    private CallTrace trace() {
        int tracedXid;
        int count;
        synchronized (this) {
            tracedXid = xid;
            count = transmissions;
        }
        return new CallTrace(
                target,
                procedure,
                tracedXid,
                Duration.ofNanos(context.nanoTime() - startedNanos),
                count);
    }
}
