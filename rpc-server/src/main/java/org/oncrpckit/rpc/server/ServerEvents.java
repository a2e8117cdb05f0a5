package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;

/**
 * Everything that is counted, told to the listener or logged. What remote hosts cause is logged at
 * DEBUG; failures on this side at WARN, but at most once a minute for each kind.
 */
final class ServerEvents {
    private enum Kind {
        HANDLER_FAILED,
        AUTHENTICATOR_FAILED,
        LISTENER_FAILED,
        OVERLOADED,
        TIME_LIMIT,
        CONNECTION_REFUSED,
        SLOW_READER,
        TOO_MUCH_WAITS
    }

    private final RpcServerListener listener;
    private final Logger log;
    private final LongAdder callsReceived = new LongAdder();
    private final Map<CallOutcome, LongAdder> outcomes = new EnumMap<>(CallOutcome.class);
    private final LongAdder lateResults = new LongAdder();
    private final LongAdder repliesNotSent = new LongAdder();
    private final LongAdder connectionsAccepted = new LongAdder();
    private final LongAdder connectionsRefused = new LongAdder();
    private final LongAdder connectionPauses = new LongAdder();
    private final LongAdder slowReadersClosed = new LongAdder();

    private final Map<Kind, RateLimitedLog> warnings = new EnumMap<>(Kind.class);

    ServerEvents(RpcServerListener listener, Timers timers, Logger log) {
        this.listener = listener;
        this.log = log;
        for (CallOutcome outcome : CallOutcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
        for (Kind kind : Kind.values()) {
            warnings.put(kind, new RateLimitedLog(log, timers::nanoTime));
        }
    }

    void callReceived() {
        callsReceived.increment();
    }

    void callEnded(ServedCall<?> call, CallOutcome outcome) {
        count(outcome);
        if (outcome == CallOutcome.OVERLOADED) {
            warn(Kind.OVERLOADED, "No room for {}, dropped", call);
        } else if (outcome == CallOutcome.TIME_LIMIT) {
            warn(Kind.TIME_LIMIT, "Not answered within the time limit: {}", call);
        }
        if (listening()) {
            tell(to -> to.callEnded(call, outcome));
        }
    }

    void callTurnedAway(Endpoint endpoint, SocketAddress peer, CallOutcome outcome) {
        count(outcome);
        log.debug("Call from {} to {}: {}", peer, endpoint, outcome);
        tell(to -> to.callTurnedAway(endpoint, peer, outcome));
    }

    /** An authenticator or an access rule threw. */
    void authenticatorFailed(CallHeader header, SocketAddress peer, RuntimeException failure) {
        warn(Kind.AUTHENTICATOR_FAILED, "Cannot judge {} from {}", header, peer, failure);
    }

    void garbage(ServedCall<?> call, Exception why) {
        log.debug("{}: garbage arguments: {}", call, why.toString());
    }

    void handlerFailed(ServedCall<?> call, Throwable failure) {
        warn(Kind.HANDLER_FAILED, "{} failed", call, failure);
        tell(to -> to.handlerFailed(call, failure));
    }

    void lateResult(ServedCall<?> call) {
        lateResults.increment();
        log.debug("Result for a call that has ended: {}", call);
        tell(to -> to.lateResult(call));
    }

    void replyNotSent(Endpoint endpoint, SocketAddress peer, Endpoint.SendOutcome why) {
        repliesNotSent.increment();
        log.debug("Reply to {} from {} not sent: {}", peer, endpoint, why);
        tell(to -> to.replyNotSent(endpoint, peer, why));
    }

    void connectionPaused(Endpoint connection) {
        connectionPauses.increment();
        log.debug("{} is not read: the peer does not read its replies", connection);
        tell(to -> to.connectionPaused(connection));
    }

    void slowReader(Endpoint endpoint) {
        slowReadersClosed.increment();
        warn(Kind.SLOW_READER, "Closed {}: the peer does not read its replies", endpoint);
    }

    /** A connection added to what waits for its host, which is over twice the limit. */
    void tooMuchWaits(Endpoint endpoint) {
        slowReadersClosed.increment();
        warn(Kind.TOO_MUCH_WAITS, "Closed {}: more bytes wait for its host than may", endpoint);
    }

    void connectionAccepted(Endpoint connection) {
        connectionsAccepted.increment();
        tell(to -> to.connectionAccepted(connection));
    }

    void connectionRefused(Endpoint connection) {
        connectionsRefused.increment();
        warn(Kind.CONNECTION_REFUSED, "Too many connections, closed {}", connection);
        tell(to -> to.connectionRefused(connection));
    }

    void connectionClosed(Endpoint connection, CloseReason reason) {
        if (reason == CloseReason.STALLED) {
            slowReader(connection);
        }
        tell(to -> to.connectionClosed(connection, reason));
    }

    /** An action that a handler left with {@link CallContext#afterReply} threw. */
    void actionFailed(ServedCall<?> call, Throwable failure) {
        warn(Kind.HANDLER_FAILED, "What {} left to be done after its reply failed", call, failure);
        tell(to -> to.handlerFailed(call, failure));
    }

    RpcServerStatistics statistics(int connections, ServerParts parts) {
        Map<CallOutcome, Long> counts = new EnumMap<>(CallOutcome.class);
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        ReplyCache.Usage usage = parts.replies().usage();
        return new RpcServerStatistics(
                callsReceived.sum(),
                counts,
                lateResults.sum(),
                repliesNotSent.sum(),
                connectionsAccepted.sum(),
                connectionsRefused.sum(),
                connectionPauses.sum(),
                slowReadersClosed.sum(),
                connections,
                parts.inProgress().count(),
                parts.loads().bytes(),
                usage.entries(),
                usage.bytes(),
                usage.evictions());
    }

    private void count(CallOutcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    /** Whether anybody listens; asked first where calls are many. */
    private boolean listening() {
        return listener != RpcServerListener.NONE;
    }

    private void tell(Consumer<RpcServerListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable t) {
            warn(Kind.LISTENER_FAILED, "Listener failed", t);
        }
    }

    private void warn(Kind kind, String message, Object... arguments) {
        Objects.requireNonNull(warnings.get(kind)).warn(message, arguments);
    }
}
