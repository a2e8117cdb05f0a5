package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Opaque;

/**
 * Brings clients the locks that they waited for, and makes sure that the client and the table agree
 * in the end. A lock that the client may believe it has is never taken away; one that it cannot
 * have heard of, or has refused for certain, is.
 *
 * <p>A refusal is certain when GRANTED went out once only: after a second copy, the client may have
 * taken the one and refused the other.
 */
final class Grants {
    private static final int COOKIE_BYTES = 16;
    private static final Duration FIRST_REPEAT = Duration.ofSeconds(5);
    private static final Duration LONGEST_REPEAT = Duration.ofSeconds(30);
    private static final Duration CLIENT_IN_GRACE = Duration.ofSeconds(10);
    private static final int DOUBLINGS_MAX = 8;

    private final LockDesk desk;
    private final RpcPlatform platform;
    private final CallbackPorts ports;
    private final GrantedCall call;
    private final int callsMax;
    private final Events events;
    private volatile boolean closed;

    Grants(
            LockDesk desk,
            RpcPlatform platform,
            CallbackPorts ports,
            GrantedCall call,
            int callsMax,
            Events events) {
        this.desk = desk;
        this.platform = platform;
        this.ports = ports;
        this.call = call;
        this.callsMax = callsMax;
        this.events = events;
    }

    /** Calls nobody from now on. */
    void close() {
        closed = true;
    }

    LockTable table() {
        return desk.table();
    }

    /** The table has granted what this one waited for. */
    void granted(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        waiter.phase = RemoteWaiter.Phase.GRANTED;
        do {
            waiter.cookie = newCookie(platform.random());
        } while (state.unacknowledged.containsKey(waiter.cookie));
        state.unacknowledged.put(waiter.cookie, waiter);
        callBack(turn, host, state, waiter);
    }

    /** A BLOCKED reply has left, or never will. */
    void replyLeft(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        waiter.repliesPending--;
        if (waiter.isToBeAnnounced()) {
            callBack(turn, host, state, waiter);
        }
    }

    /** The client has answered; an answer that belongs to nothing is dropped. */
    void answered(Turn turn, ClientHost host, HostState state, Opaque cookie, NlmStatus status) {
        RemoteWaiter waiter = state.unacknowledged.get(cookie);
        if (waiter == null) {
            return;
        }
        turn.afterwards(() -> events.callBackAnswered(host.address().address(), status));
        switch (status) {
            case GRANTED -> acknowledge(state, waiter);
            case DENIED_GRACE_PERIOD -> {
                // Not looked at, so this copy does not count.
                waiter.copies = Math.max(0, waiter.copies - 1);
                repeatAfter(host, waiter, CLIENT_IN_GRACE);
            }
            case DENIED -> refused(turn, host, state, waiter);
            default -> leaveUnconfirmed(turn, host, state, waiter);
        }
    }

    /** The client knows that it has the lock. */
    void acknowledge(HostState state, RemoteWaiter waiter) {
        state.finish(waiter);
        waiter.claim().settle(waiter.request().range());
    }

    /**
     * The client does not have the lock and will not: as if it had never asked.
     *
     * @return false when it is not known what that would be; then nothing is taken
     */
    boolean takeBack(Turn turn, HostState state, RemoteWaiter waiter) {
        state.finish(waiter);
        LockRequest request = waiter.request();
        HeldParts before = waiter.parts();
        if (!before.isKnown()) {
            waiter.claim().doubt(request.range());
            return false;
        }
        List<LockRange> kept = new ArrayList<>();
        for (HeldParts.Part each : before.parts()) {
            kept.add(each.range());
            if (each.mode() != request.mode()) {
                // To shared it always goes. To exclusive, if nobody has come in between.
                turn.lock(
                        new LockRequest(request.file(), request.owner(), each.range(), each.mode()),
                        LockPolicy.TRY);
            }
        }
        for (LockRange each : Holdings.without(request.range(), kept)) {
            turn.unlock(request.owner(), request.file(), each);
        }
        state.claims.doubt(waiter.claim(), table());
        return true;
    }

    private void refused(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        if (waiter.copies > 1) {
            leaveUnconfirmed(turn, host, state, waiter);
        } else if (!takeBack(turn, state, waiter)) {
            turn.afterwards(() -> events.grantUnconfirmed(host.address().address()));
        }
    }

    /** Not repeated any more, and held: the client may believe that it has it. */
    void leaveUnconfirmed(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        state.finish(waiter);
        waiter.claim().doubt(waiter.request().range());
        turn.afterwards(() -> events.grantUnconfirmed(host.address().address()));
    }

    private void callBack(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        if (closed || waiter.cancelled || waiter.calling || waiter.repliesPending > 0) {
            return;
        }
        waiter.stopTimer();
        waiter.calling = true;
        if (state.callsInProgress >= callsMax) {
            state.callsQueued.add(waiter);
        } else {
            begin(turn, host, state, waiter);
        }
    }

    private void begin(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        state.callsInProgress++;
        waiter.attempts++;
        boolean afresh = waiter.attempts > 1;
        Route route = waiter.route;
        HostAddress client = waiter.client;
        turn.afterwards(
                () -> {
                    var unused =
                            ports.find(client, route, afresh)
                                    .thenApply(LookUp::of)
                                    .exceptionally(LookUp::failed)
                                    .thenAccept(place -> found(host, waiter, route, place));
                });
    }

    /**
     * Where to call.
     *
     * @param target empty when there is nowhere
     * @param reason why not
     */
    private record LookUp(Optional<RpcTarget> target, String reason) {
        static LookUp of(Optional<RpcTarget> found) {
            return new LookUp(found, CallbackPorts.NOT_REGISTERED);
        }

        static LookUp failed(Throwable failure) {
            return new LookUp(Optional.empty(), failure.toString());
        }
    }

    private void found(ClientHost host, RemoteWaiter waiter, Route route, LookUp place) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            if (!waiter.isToBeAnnounced()) {
                callOver(turn, host, state, waiter);
            } else if (place.target().isEmpty()) {
                failed(turn, host, state, waiter, place.reason());
            } else if (isStillHeld(turn, host, state, waiter)) {
                send(turn, host, waiter, route, place.target().get());
            }
        }
    }

    private void send(
            Turn turn, ClientHost host, RemoteWaiter waiter, Route route, RpcTarget target) {
        // Counted before it leaves: the answer may be quicker than the news that it has left.
        waiter.copies++;
        var arguments = waiter.grantedArgs();
        HostAddress client = waiter.client;
        turn.afterwards(
                () ->
                        call.send(client, target, route.version(), arguments)
                                .whenComplete(
                                        (answer, failure) -> {
                                            if (failure == null) {
                                                sent(host, waiter, answer);
                                            } else {
                                                notSent(host, waiter, failure);
                                            }
                                        }));
    }

    /** A copy has left; with the answer when it was a call. */
    private void sent(ClientHost host, RemoteWaiter waiter, Optional<NlmStatus> answer) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            int copy = waiter.copies;
            turn.afterwards(() -> events.callBackSent(host.address().address(), copy));
            callOver(turn, host, state, waiter);
            answer.ifPresent(it -> answered(turn, host, state, waiter.cookie, it));
        }
    }

    private void notSent(ClientHost host, RemoteWaiter waiter, Throwable failure) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            if (cannotHaveArrived(failure)) {
                waiter.copies = Math.max(0, waiter.copies - 1);
            }
            failed(turn, host, state, waiter, failure.toString());
            if (waiter.attempts == 1 && waiter.isToBeAnnounced()) {
                callBack(turn, host, state, waiter); // Perhaps it has moved.
            }
        }
    }

    private void failed(
            Turn turn, ClientHost host, HostState state, RemoteWaiter waiter, String reason) {
        turn.afterwards(() -> events.callBackFailed(host.address().address(), reason));
        callOver(turn, host, state, waiter);
    }

    private void callOver(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        state.callsInProgress--;
        waiter.calling = false;
        if (waiter.isToBeAnnounced()) {
            repeatAfter(host, waiter, backOff(waiter.attempts));
        }
        RemoteWaiter next = state.callsQueued.poll();
        while (next != null && !next.isToBeAnnounced()) {
            next = state.callsQueued.poll();
        }
        if (next != null) {
            begin(turn, host, state, next);
        }
    }

    private void repeatAfter(ClientHost host, RemoteWaiter waiter, Duration delay) {
        waiter.stopTimer();
        waiter.timer = platform.timers().schedule(delay, () -> repeat(host, waiter));
    }

    private void repeat(ClientHost host, RemoteWaiter waiter) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            if (waiter.isToBeAnnounced()) {
                callBack(turn, host, state, waiter);
            }
        }
    }

    /**
     * Looks whether an announcement would be true: the owner's other threads may have unlocked or
     * changed these bytes since the grant. If the client cannot have heard of the grant, the
     * request goes back into the queue then; otherwise nothing more is said, and the client asks
     * again.
     */
    private boolean isStillHeld(Turn turn, ClientHost host, HostState state, RemoteWaiter waiter) {
        if (!waiter.suspect) {
            return true;
        }
        waiter.suspect = false;
        LockRequest request = waiter.request();
        if (table().holds(request)) {
            return true;
        }
        if (waiter.copies > 0) {
            state.finish(waiter);
            callOver(turn, host, state, waiter);
            return false;
        }
        LockOutcome outcome = turn.lock(request, LockPolicy.WAIT);
        if (outcome instanceof LockOutcome.Granted) {
            return true;
        }
        state.finish(waiter);
        callOver(turn, host, state, waiter);
        if (outcome instanceof LockOutcome.Waiting waiting) {
            RemoteWaiter again =
                    new RemoteWaiter(
                            request,
                            waiter.claim(),
                            waiting.ticket(),
                            waiter.since(),
                            waiter.parts(),
                            waiter.route,
                            waiter.client,
                            waiter.description);
            waiter.claim().add(again);
            state.waiting.put(waiting.ticket(), again);
        }
        return false; // Refused: the client asks again and hears why.
    }

    private static Duration backOff(int attempts) {
        int doublings = Math.min(Math.max(0, attempts - 1), DOUBLINGS_MAX);
        Duration delay = FIRST_REPEAT.multipliedBy(1L << doublings);
        return delay.compareTo(LONGEST_REPEAT) < 0 ? delay : LONGEST_REPEAT;
    }

    private static boolean cannotHaveArrived(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        Throwable any = failure instanceof RpcException ? failure : cause;
        return any instanceof RpcException rpc && !rpc.mayHaveExecuted();
    }

    private static Opaque newCookie(RandomGenerator random) {
        byte[] bytes = new byte[COOKIE_BYTES];
        random.nextBytes(bytes);
        return Opaque.copyOf(bytes);
    }
}
