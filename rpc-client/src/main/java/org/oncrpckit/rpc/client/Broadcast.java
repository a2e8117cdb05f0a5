package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.IoThread;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/**
 * One call to everybody: sent, and sent again at growing intervals, under one xid, while replies
 * from any number of addresses come in. Its future decides when it is over: who completes it,
 * however, ends the broadcast.
 *
 * <p>Its own monitor guards the replies and the timer; nothing is sent and nobody is asked under
 * it.
 */
final class Broadcast<R> implements ReplyWaiter {
    private final ClientContext context;
    private final RpcTarget target;
    private final CallMessage<R> message;
    private final Gathering<R> gathering;
    private final long startedNanos;
    private final long deadlineNanos;
    private final CompletableFuture<List<BroadcastReply<R>>> result = new CompletableFuture<>();

    @GuardedBy("this")
    private final Map<ScopedAddress, BroadcastReply<R>> replies = new LinkedHashMap<>();

    @GuardedBy("this")
    private @Nullable CallChannel channel;

    @GuardedBy("this")
    private Timers.@Nullable Timer timer;

    @GuardedBy("this")
    private int xid;

    @GuardedBy("this")
    private int transmissions;

    @GuardedBy("this")
    private long lastSentNanos;

    @GuardedBy("this")
    private long intervalNanos;

    @GuardedBy("this")
    private long pauseNanos = Call.CONGESTION_PAUSE_NANOS;

    Broadcast(
            ClientContext context,
            RpcTarget target,
            CallMessage<R> message,
            Gathering<R> gathering) {
        this.context = context;
        this.target = target;
        this.message = message;
        this.gathering = gathering;
        this.startedNanos = context.nanoTime();
        this.deadlineNanos = startedNanos + Deadline.nanos(message.options().timeLimit());
        this.intervalNanos = Deadline.nanos(message.options().retransmission().first());
    }

    /** What it comes to: all replies, or why none could be asked for. */
    CompletableFuture<List<BroadcastReply<R>>> result() {
        return result;
    }

    /** Counts the end when it comes, and gives back what is held then. To be called once, first. */
    void watch() {
        var unused = result.whenComplete((all, failure) -> ended(failure));
    }

    /** Begins; to be called once. */
    void start(CallChannel through) {
        synchronized (this) {
            channel = through;
        }
        if (!through.register(this)) {
            fail(trace -> new RpcClosedException("endpoint closed", trace));
            return;
        }
        transmit();
    }

    @Override
    public synchronized boolean takes(int newXid) {
        xid = newXid;
        CallMessage.setXid(message.bytes(), newXid);
        return !result.isDone();
    }

    @Override
    public boolean hasEnded() {
        return result.isDone();
    }

    @Override
    public boolean expects(SocketAddress from) {
        return from instanceof InetSocketAddress;
    }

    private void transmit() {
        CallChannel through;
        boolean again;
        long interval;
        synchronized (this) {
            through = channel;
            if (through == null || result.isDone()) {
                return;
            }
            Retransmission policy = message.options().retransmission();
            again = transmissions++ > 0;
            lastSentNanos = context.nanoTime();
            interval = intervalNanos;
            boolean more = transmissions < policy.transmissionsMax();
            arm(more ? interval : Long.MAX_VALUE);
            intervalNanos = Math.min(2 * interval, Deadline.nanos(policy.longest()));
        }
        context.events().sending(this::trace);
        SendOutcome outcome = through.send(target.address(), message.bytes());
        if (outcome == SendOutcome.SENT) {
            context.events().sent(again);
        } else {
            notSent(outcome, interval);
        }
    }

    /** The interval is the one that would have followed. */
    private void notSent(SendOutcome outcome, long interval) {
        boolean never;
        synchronized (this) {
            if (result.isDone()) {
                return;
            }
            never = --transmissions == 0;
            if (outcome == SendOutcome.CONGESTED) {
                intervalNanos = interval;
                arm(pauseNanos);
                pauseNanos = Math.min(2 * pauseNanos, Call.CONGESTION_PAUSE_NANOS_MAX);
            }
        }
        if (outcome == SendOutcome.CLOSED) {
            fail(trace -> new RpcClosedException("endpoint closed", trace));
        } else if (outcome == SendOutcome.REFUSED && never) {
            fail(trace -> new RpcUnreachableException("refused by the socket", trace, null));
        }
    }

    @GuardedBy("this")
    private void arm(long delayNanos) {
        if (timer != null) {
            timer.cancel();
        }
        long left = Math.max(0, deadlineNanos - context.nanoTime());
        Duration delay = Duration.ofNanos(Math.min(delayNanos, left));
        timer = context.timers().schedule(delay, () -> IoThread.run(this::timerFired));
    }

    private void timerFired() {
        if (deadlineNanos - context.nanoTime() <= 0) {
            finish();
        } else {
            transmit();
        }
    }

    @Override
    public boolean replied(SocketAddress from, ByteBuffer reply) {
        XdrReader reader = XdrReader.of(reply);
        R results;
        try {
            ReplyHeader header = ReplyHeader.decode(reader);
            if (!(header instanceof ReplyHeader.Accepted accepted)
                    || accepted.status() != AcceptStatus.SUCCESS) {
                // Who has not what was asked for should have kept silent.
                return true;
            }
            results = message.procedure().results().decode(reader);
        } catch (XdrException | RuntimeException | StackOverflowError e) {
            return false;
        }
        InetSocketAddress who = (InetSocketAddress) from;
        BroadcastReply<R> answer = new BroadcastReply<>(who, results);
        boolean full;
        long sinceSent;
        synchronized (this) {
            if (replies.size() >= gathering.repliesMax()
                    || replies.putIfAbsent(ScopedAddress.of(who), answer) != null) {
                return true;
            }
            full = replies.size() == gathering.repliesMax();
            sinceSent = context.nanoTime() - lastSentNanos;
        }
        context.events().replied(this::trace, sinceSent);
        if (gathering.enough().test(answer) || full) {
            finish();
        }
        return true;
    }

    private void finish() {
        List<BroadcastReply<R>> all;
        boolean neverSent;
        synchronized (this) {
            all = List.copyOf(replies.values());
            neverSent = transmissions == 0;
        }
        if (neverSent) {
            fail(trace -> new RpcUnreachableException("socket buffer full", trace, null));
        } else {
            result.complete(all);
        }
    }

    @Override
    public void fail(Function<CallTrace, RpcException> why) {
        result.completeExceptionally(why.apply(trace()));
    }

    /** Gives back what it holds; once, when the future has completed. */
    private void ended(@Nullable Throwable failure) {
        Timers.Timer armed;
        CallChannel registered;
        int registeredXid;
        synchronized (this) {
            armed = timer;
            registered = channel;
            registeredXid = xid;
        }
        if (armed != null) {
            armed.cancel();
        }
        if (registered != null) {
            registered.forget(registeredXid, this);
        }
        context.events().ended();
        if (failure == null) {
            context.events().succeeded();
        } else if (failure instanceof RpcException reason) {
            context.events().failed(reason);
        } else {
            context.events().cancelled(this::trace);
        }
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
                message.procedure(),
                tracedXid,
                Duration.ofNanos(context.nanoTime() - startedNanos),
                count);
    }
}
