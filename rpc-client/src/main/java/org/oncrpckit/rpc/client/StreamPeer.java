package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.IoThread;
import org.oncrpckit.rpc.transport.Timers;

/**
 * A remote address that is called over connections of the client's own, one at a time: connected by
 * the first call, closed when idle, connected again, after a back-off, by the next call. Any number
 * of calls wait for one attempt.
 */
final class StreamPeer extends ConnectionPeer {
    private final RpcTarget target;
    private final StreamConnector connector;

    @GuardedBy("this")
    private final ReconnectBackoff backoff;

    @GuardedBy("this")
    private @Nullable CallChannel channel;

    @GuardedBy("this")
    private boolean connecting;

    @GuardedBy("this")
    private @Nullable CompletableFuture<Endpoint> attempt;

    @GuardedBy("this")
    private Timers.@Nullable Timer retry;

    @GuardedBy("this")
    private Timers.@Nullable Timer idleCheck;

    /** When the latest connection was made. */
    @GuardedBy("this")
    private long connectedNanos;

    /** Calls that the peer had sent over the connection at the latest idle check. */
    @GuardedBy("this")
    private long callsServed;

    /** A peer without a connection. */
    StreamPeer(ClientContext context, RpcTarget target, StreamConnector connector) {
        super(context);
        this.target = target;
        this.connector = connector;
        this.backoff = new ReconnectBackoff(context.connections(), context.platform().random());
    }

    /** A call that names its connection leaves there or nowhere. */
    @Override
    @GuardedBy("this")
    @Nullable CallChannel channelFor(Call<?> call) {
        CallChannel named = call.route();
        return named != null ? named : channel;
    }

    @Override
    void notStarted(Call<?> call, CallChannel closedChannel) {
        synchronized (this) {
            if (channel == closedChannel) {
                channel = null;
            }
        }
        if (call.route() == null) {
            queueFirst(call);
        } else {
            call.fail(trace -> new RpcClosedException("connection closed", trace));
        }
        pump();
    }

    @Override
    synchronized String obstacle() {
        return channel == null ? "no connection" : super.obstacle();
    }

    @Override
    void answered(int inFlightBefore, long roundTripNanos) {
        synchronized (this) {
            backoff.succeeded();
        }
    }

    /** Connects, unless it is under way, or sets a timer for the end of the back-off. */
    @Override
    void wakeUp() {
        boolean full;
        synchronized (this) {
            if (isClosed() || channel != null || connecting || waiting.isEmpty()) {
                return;
            }
            long wait = backoff.remaining(context.nanoTime());
            if (wait > 0) {
                if (retry == null) {
                    retry = context.timers().schedule(Duration.ofNanos(wait), this::retryNow);
                }
                return;
            }
            full = !connector.admit();
            connecting = !full;
        }
        if (full) {
            String what = context.limits().connections() + " connections are open (limit)";
            failWaiting(trace -> new RpcUnreachableException(what, trace, null));
        } else {
            connect();
        }
    }

    private void retryNow() {
        synchronized (this) {
            retry = null;
        }
        wakeUp();
    }

    private void connect() {
        CompletableFuture<Endpoint> started = connector.connect(target);
        boolean tooLate;
        synchronized (this) {
            attempt = started;
            tooLate = isClosed();
        }
        var unused =
                started.whenComplete(
                        (endpoint, failure) ->
                                IoThread.run(
                                        () -> {
                                            if (failure == null) {
                                                connected(endpoint);
                                            } else {
                                                connectFailed(Failures.causeOf(failure));
                                            }
                                        }));
        if (tooLate) {
            started.cancel(true);
        }
    }

    private void connected(Endpoint endpoint) {
        synchronized (this) {
            connectedNanos = context.nanoTime();
        }
        CallChannel opened;
        try {
            // Not under the lock: an endpoint that has closed already calls back at once.
            opened = connector.open(endpoint, this, this::disconnected);
        } catch (RuntimeException e) {
            connectFailed("connection cannot be used: " + e.getMessage(), e);
            return;
        }
        boolean keep;
        synchronized (this) {
            attempt = null;
            connecting = false;
            keep = !isClosed() && !opened.isShut();
            if (keep) {
                channel = opened;
                callsServed = 0;
                armIdleCheck(Deadline.nanos(context.connections().idleLimit()));
            }
        }
        if (!keep) {
            opened.shut("client closed");
            endpoint.close();
        } else {
            context.events().connected(target);
        }
        pump();
    }

    private void connectFailed(Throwable failure) {
        connectFailed(String.valueOf(failure.getMessage()), failure);
    }

    private void connectFailed(String what, Throwable failure) {
        long wait;
        synchronized (this) {
            attempt = null;
            connecting = false;
            wait = backoff.failed(context.nanoTime());
        }
        connector.gone();
        context.events().connectFailed(target, failure, wait);
        failWaiting(trace -> new RpcUnreachableException(what, trace, failure));
    }

    private void disconnected(CallChannel closed, CloseReason reason) {
        synchronized (this) {
            if (reason != CloseReason.LOCAL && !closed.hasAnswered() && !hasLasted()) {
                backoff.failed(context.nanoTime());
            }
            if (channel == closed) {
                channel = null;
                if (idleCheck != null) {
                    idleCheck.cancel();
                    idleCheck = null;
                }
            }
        }
        connector.gone();
        context.events().disconnected(target, reason);
        failWaiting(
                call -> call.route() == closed,
                trace -> new RpcClosedException("connection closed", trace));
        pump();
    }

    /** Whether the connection was there for longer than any back-off: nobody is hammered then. */
    @GuardedBy("this")
    private boolean hasLasted() {
        long longest = Deadline.nanos(context.connections().backoffLongest());
        return context.nanoTime() - connectedNanos >= longest;
    }

    @GuardedBy("this")
    private void armIdleCheck(long nanos) {
        if (idleCheck != null) {
            idleCheck.cancel();
        }
        idleCheck = context.timers().schedule(Duration.ofNanos(nanos), this::closeIfIdle);
    }

    private void closeIfIdle() {
        long limit = Deadline.nanos(context.connections().idleLimit());
        CallChannel idle = null;
        synchronized (this) {
            idleCheck = null;
            if (channel == null) {
                return;
            }
            long served = channel.endpoint().statistics().callsReceived();
            boolean serving = served != callsServed;
            callsServed = served;
            if (!serving && isIdleFor(limit) && waiting.isEmpty() && inFlight() == 0) {
                idle = channel;
                channel = null;
            } else {
                armIdleCheck(limit);
            }
        }
        if (idle != null) {
            idle.shut("connection closed after an idle time");
            idle.endpoint().close();
        }
    }

    @Override
    boolean isDisposable(long idleNanos) {
        synchronized (this) {
            return isIdleFor(idleNanos) && channel == null && !connecting && retry == null;
        }
    }

    @Override
    void close() {
        super.close();
        CallChannel open;
        CompletableFuture<Endpoint> running;
        synchronized (this) {
            open = channel;
            channel = null;
            running = attempt;
            if (retry != null) {
                retry.cancel();
            }
            if (idleCheck != null) {
                idleCheck.cancel();
            }
        }
        if (running != null) {
            running.cancel(true);
        }
        if (open != null) {
            open.shut("client closed");
            open.endpoint().close();
        }
    }
}
