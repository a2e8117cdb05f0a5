package org.oncrpckit.nlm;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.Ticket;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * A client's request that was answered BLOCKED, until the client knows how it ended.
 *
 * <pre>
 *             grant                       answer, poll, cancel, unlock, new life
 *  WAITING -----------> GRANTED ------------------------------------------------> OVER
 *     |            (GRANTED_MSG again and again)                                    ^
 *     +-----------------------------------------------------------------------------+
 *                      cancel, unlock, new life
 * </pre>
 *
 * <p>Changed in its host's turns; what listings read is final.
 */
final class RemoteWaiter {
    /** How far it has come. */
    enum Phase {
        /** Queued in the lock table. */
        WAITING,
        /** The owner holds the lock, and the client has not said that it knows. */
        GRANTED,
        /** Nothing is left to do. */
        OVER
    }

    private final LockRequest request;
    private final Claim claim;
    private final Ticket ticket;
    private final Instant since;

    /** What the client has of these bytes besides. */
    private final HeldParts parts;

    Phase phase = Phase.WAITING;

    /** Where the client asked last: GRANTED goes back the same way. */
    Route route;

    /** The address of the host that it asked from; of several, any may be the one it listens on. */
    HostAddress client;

    /** The client's own bytes. */
    WireLock description;

    /** BLOCKED replies that have not left; GRANTED must not overtake one. */
    int repliesPending;

    /** Names the grant in the answer to GRANTED. */
    Opaque cookie = Opaque.EMPTY;

    /** How often GRANTED was sent, or may have been, and was not answered "later". */
    int copies;

    /** How often sending was tried. */
    int attempts;

    /** Whether a call is queued or in progress. */
    boolean calling;

    /**
     * Whether the owner has locked or unlocked some of these bytes since it began to wait. The
     * grant may be older, so what is held has to be looked at before anything is announced.
     */
    boolean suspect;

    /**
     * Whether the client has cancelled it by a one-way message, and may be about to ask again. Its
     * place in the queue, or the lock if it is granted meanwhile, is kept until the timer ends it.
     */
    boolean cancelled;

    /** Of the next repetition, or of the end of a place that is kept. */
    Timers.@Nullable Timer timer;

    RemoteWaiter(
            LockRequest request,
            Claim claim,
            Ticket ticket,
            Instant since,
            HeldParts parts,
            Route route,
            HostAddress client,
            WireLock description) {
        this.request = request;
        this.claim = claim;
        this.ticket = ticket;
        this.since = since;
        this.parts = parts;
        this.route = route;
        this.client = client;
        this.description = description;
    }

    LockRequest request() {
        return request;
    }

    Claim claim() {
        return claim;
    }

    Ticket ticket() {
        return ticket;
    }

    Instant since() {
        return since;
    }

    HeldParts parts() {
        return parts;
    }

    /** Whether the client is to be told that it has the lock. */
    boolean isToBeAnnounced() {
        return phase == Phase.GRANTED && !cancelled;
    }

    /** Whether the lock is the owner's, and no client can have heard of it yet. */
    boolean isUnannounced() {
        return phase == Phase.GRANTED && copies == 0;
    }

    /** Whether no client can have heard more of it than BLOCKED. */
    boolean isUnheard() {
        return phase == Phase.WAITING || isUnannounced();
    }

    TestArgs grantedArgs() {
        return new TestArgs(cookie, request.mode() == LockMode.EXCLUSIVE, description);
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
