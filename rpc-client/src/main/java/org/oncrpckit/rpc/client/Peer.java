package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.IoThread;

/**
 * One remote address: the calls that wait for their turn to it, first come, first served, and those
 * that have a slot of its window. A call keeps its slot from its first transmission to its end,
 * however often it is sent again.
 *
 * <p>The peer's own monitor guards its state. Calls are started and ended outside of it; the only
 * locks taken under it are those of timers.
 */
abstract class Peer {
    /** Where a call stands with its peer; guarded by the peer's monitor. */
    enum Place {
        /** Not given to the peer yet, or done with it. */
        NONE,
        /** In the queue. */
        QUEUED,
        /** Holds a slot of the window. */
        IN_FLIGHT
    }

    /** What {@link #users} is once the peer has been retired. */
    private static final int RETIRED = -1;

    /** Calls to this peer that have not ended: a peer in use stays in its {@link PeerTable}. */
    private final AtomicInteger users = new AtomicInteger();

    final ClientContext context;

    @GuardedBy("this")
    final CallQueue waiting = new CallQueue();

    @GuardedBy("this")
    private int inFlight;

    @GuardedBy("this")
    private boolean pumping;

    @GuardedBy("this")
    private boolean closed;

    private volatile long lastUsedNanos;

    Peer(ClientContext context) {
        this.context = context;
        this.lastUsedNanos = context.nanoTime();
    }

    /** Calls that may be in flight at once. */
    @GuardedBy("this")
    abstract int window();

    /** Where the first call of the queue would leave from; null when it has to wait. */
    @GuardedBy("this")
    abstract @Nullable CallChannel channelFor(Call<?> call);

    /** A call could not begin because its channel has closed; it has its slot no more. */
    abstract void notStarted(Call<?> call, CallChannel closedChannel);

    /** How long a call waits, in nanoseconds, before it is first sent again. */
    abstract long firstInterval(Retransmission policy);

    /** A call was last sent then, and not answered within the interval. */
    abstract void lost(Retransmission policy, long lastSentNanos, long intervalNanos);

    /** The socket refused a message to this peer. */
    abstract void refused();

    /** Learns from a reply; {@code roundTripNanos} is negative when it says nothing. */
    abstract void answered(int inFlightBefore, long roundTripNanos);

    /** Called without a lock when calls wait and none of them could be started. */
    abstract void wakeUp();

    /** Whether nothing but calls keeps the peer; {@code idleNanos} without one. */
    abstract boolean isDisposable(long idleNanos);

    /** Counts a call to this peer; false when it has been retired and takes none. */
    final boolean use() {
        for (int now = users.get(); now != RETIRED; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Retires a peer that has been idle for so long, unless it is in use; true when no call can get
     * it any more. Who calls this keeps others from looking at it until it is over.
     */
    final boolean retire(long idleNanos) {
        if (!users.compareAndSet(0, RETIRED)) {
            return false;
        }
        // Looked at afterwards: nobody can begin to use it now.
        boolean disposable = isDisposable(idleNanos);
        if (!disposable) {
            users.set(0);
        }
        return disposable;
    }

    /** Calls to this peer that have not ended. */
    final int users() {
        return Math.max(0, users.get());
    }

    /** Takes a call; it fails at once when the queue is full or the peer is closed. */
    final void submit(Call<?> call) {
        CallChannel now = null;
        String refusal = null;
        synchronized (this) {
            if (closed) {
                refusal = "client closed";
            } else {
                now = waiting.isEmpty() && inFlight < window() ? channelFor(call) : null;
                if (now != null) {
                    inFlight++;
                    call.place = Place.IN_FLIGHT;
                } else if (waiting.size() < context.limits().queuedPerHost()) {
                    waiting.addLast(call);
                    call.place = Place.QUEUED;
                } else {
                    refusal = "host queue full, %d calls (limit)".formatted(waiting.size());
                }
            }
        }
        if (refusal != null) {
            refuse(call, refusal);
        } else if (now != null) {
            startIn(call, now);
        } else {
            pump();
        }
        if (call.hasEnded()) {
            leave(call, false, -1);
        }
    }

    private void refuse(Call<?> call, String refusal) {
        boolean isClosed;
        synchronized (this) {
            isClosed = closed;
        }
        call.fail(
                trace ->
                        isClosed
                                ? new RpcClosedException(refusal, trace)
                                : new RpcUnreachableException(refusal, trace, null));
    }

    /** A call has ended, wherever it stood. */
    final void ended(Call<?> call, boolean replied, long roundTripNanos) {
        lastUsedNanos = context.nanoTime();
        leave(call, replied, roundTripNanos);
        users.decrementAndGet();
    }

    private void leave(Call<?> call, boolean replied, long roundTripNanos) {
        int before;
        Place place;
        synchronized (this) {
            place = call.place;
            before = inFlight;
            if (place == Place.QUEUED) {
                waiting.remove(call);
            } else if (place == Place.IN_FLIGHT) {
                inFlight--;
            }
            call.place = Place.NONE;
        }
        if (place == Place.IN_FLIGHT) {
            if (replied) {
                answered(before, roundTripNanos);
            }
            pump();
        }
    }

    /**
     * Starts calls while there are slots. One thread at a time does so; another that comes along
     * leaves it the work, so that calls that fail at once cannot recurse.
     */
    final void pump() {
        synchronized (this) {
            if (pumping) {
                return;
            }
            pumping = true;
        }
        boolean stuck = false;
        for (; ; ) {
            Call<?> next;
            CallChannel channel;
            synchronized (this) {
                next = closed ? null : waiting.first();
                channel = next == null || inFlight >= window() ? null : channelFor(next);
                if (next == null || channel == null) {
                    pumping = false;
                    stuck = next != null;
                    break;
                }
                waiting.remove(next);
                inFlight++;
                next.place = Place.IN_FLIGHT;
            }
            startIn(next, channel);
        }
        if (stuck) {
            wakeUp();
        }
    }

    private void startIn(Call<?> call, CallChannel channel) {
        boolean started;
        try {
            started = call.start(channel);
        } catch (RuntimeException | Error e) {
            // A defect of the endpoint, or too little memory, must not take the whole host with it.
            call.fail(trace -> new RpcUnreachableException("sending failed: " + e, trace, e));
            return;
        }
        if (!started) {
            synchronized (this) {
                if (call.place == Place.IN_FLIGHT) {
                    inFlight--;
                    call.place = Place.NONE;
                }
            }
            notStarted(call, channel);
        }
    }

    /** Puts a call that could not begin back where it was, at the head of the queue. */
    final void queueFirst(Call<?> call) {
        synchronized (this) {
            if (!closed && call.place == Place.NONE) {
                waiting.addFirst(call);
                call.place = Place.QUEUED;
            }
        }
        if (call.hasEnded()) {
            leave(call, false, -1);
        } else if (isClosed()) {
            call.fail(trace -> new RpcClosedException("client closed", trace));
        }
    }

    /** Fails all calls that wait in the queue now. */
    final void failWaiting(Function<CallTrace, RpcException> why) {
        failWaiting(call -> true, why);
    }

    /** Fails those of the calls that wait in the queue now. */
    final void failWaiting(
            Predicate<? super Call<?>> which, Function<CallTrace, RpcException> why) {
        List<Call<?>> failing;
        synchronized (this) {
            failing = waiting.removeIf(which);
            failing.forEach(call -> call.place = Place.NONE);
        }
        failing.forEach(call -> IoThread.run(() -> call.fail(why)));
    }

    /** What a call waits for that has not been sent, in words. */
    synchronized String obstacle() {
        return inFlight >= window()
                ? "no reply to the %d calls in flight before it (window %d)"
                        .formatted(inFlight, window())
                : "not sent";
    }

    /** Fails what waits and takes no more calls. Those in flight are the channel's to fail. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        failWaiting(trace -> new RpcClosedException("client closed", trace));
    }

    final synchronized boolean isClosed() {
        return closed;
    }

    @GuardedBy("this")
    final int inFlight() {
        return inFlight;
    }

    final boolean isIdleFor(long nanos) {
        return users() == 0 && context.nanoTime() - lastUsedNanos >= nanos;
    }
}
