package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import org.oncrpckit.rpc.transport.Endpoint;

/**
 * Keeps a connection whose peer does not read its replies from costing more than a bounded amount
 * of memory. Above the high-water mark the gate is shut: the connection is not read, calls that it
 * brought before are not executed, and results that are there already are not encoded; they go on,
 * in order, when the peer has read down to the low-water mark or the connection has ended. What
 * waits is counted for the peer's host, as is what has come of a message whose rest the peer holds
 * back; while that is over its limit, both marks are 0. Thread-safe.
 */
final class ConnectionGate {
    /** Over so many times the limit of its host, a connection is closed. */
    private static final int CLOSED_AT = 2;

    private final ServedEndpoint connection;
    private final Endpoint endpoint;
    private final ServerParts parts;
    private final Object host;

    /** Written under the lock; read without, as a hint. */
    private volatile boolean shut;

    /** What goes on when the gate opens. Its number is bounded by that of calls in progress. */
    @GuardedBy("this")
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);

    /** Whether a thread lets pass what waits. */
    @GuardedBy("this")
    private boolean passing;

    /** Bytes of encoded replies among what waits. */
    @GuardedBy("this")
    private long heldBytes;

    /** Bytes that are counted for the host now. */
    @GuardedBy("this")
    private long countedBytes;

    ConnectionGate(ServedEndpoint connection, Object host, ServerParts parts) {
        this.connection = connection;
        this.endpoint = connection.endpoint();
        this.host = host;
        this.parts = parts;
    }

    boolean isOpen() {
        return !shut;
    }

    /** Runs an action now, or when the gate opens, on whichever thread opens it. */
    void whenOpen(Runnable action) {
        synchronized (this) {
            if (shut) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    /** Keeps an encoded reply, for which the endpoint has no room, until it may be sent again. */
    void hold(int bytes, Runnable sendAgain) {
        boolean pause;
        connection.beginAnswer();
        synchronized (this) {
            heldBytes += bytes;
            waiting.add(
                    () -> {
                        unhold(bytes);
                        sendAgain.run();
                        connection.endAnswer();
                    });
            pause = !shut;
            shut = true;
        }
        if (pause) {
            pause();
        }
        // The endpoint may have found room in the meantime, and told nobody.
        backlogChanged();
    }

    private synchronized void unhold(int bytes) {
        heldBytes -= bytes;
        count(endpoint.backlogBytes());
    }

    /** The endpoint's backlog, or what it has gathered, may be another. */
    void backlogChanged() {
        boolean pause = false;
        boolean open = false;
        boolean tooMuch;
        synchronized (this) {
            int backlog = endpoint.backlogBytes();
            boolean more = count(backlog);
            ByteLimits limits = parts.limits().bytes();
            boolean crowded = parts.loads().isOver(host, 1);
            if (!shut && backlog > (crowded ? 0 : limits.highWater())) {
                shut = true;
                pause = true;
                // A reply that was too long for the rest of the queue wants all of it.
            } else if (shut && backlog <= (crowded || heldBytes > 0 ? 0 : limits.lowWater())) {
                shut = false;
                open = true;
            }
            tooMuch = more && parts.loads().isOver(host, CLOSED_AT);
        }
        if (pause) {
            pause();
        }
        if (open) {
            connection.release();
        }
        if (tooMuch) {
            parts.events().tooMuchWaits(endpoint);
            endpoint.close();
        }
        if (open) {
            pass();
        }
    }

    private void pause() {
        connection.hold();
        parts.events().connectionPaused(endpoint);
    }

    /** Counts what waits now; true when it has become more. */
    @GuardedBy("this")
    private boolean count(int backlog) {
        long more = backlog + heldBytes + endpoint.gatheredBytes() - countedBytes;
        if (more != 0) {
            countedBytes += more;
            parts.loads().addReplies(host, more);
        }
        return more > 0;
    }

    private void pass() {
        synchronized (this) {
            if (passing) {
                return;
            }
            passing = true;
        }
        while (true) {
            Runnable next;
            synchronized (this) {
                next = shut ? null : waiting.poll();
                if (next == null) {
                    passing = false;
                    return;
                }
            }
            next.run();
        }
    }
}
