package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What a client holds and waits for, what begins it, and what ends it; the parts do the rest.
 * Thread-safe; what the parts share is looked at in {@link Turns} only.
 */
final class ClientCore {
    /** Why requests fail at the end. */
    static final String CLOSED = "the client is closed";

    /** After this a server is asked again whether its grace period is over. */
    static final Duration GRACE_PAUSE = Duration.ofSeconds(5);

    private final Turns turns = new Turns();
    private final Lanes lanes = new Lanes(turns, this::laneEmptied);
    private final BlockedLocks waits = new BlockedLocks();
    private final HeldLocks held = new HeldLocks();
    private final KeptExpectations expectations = new KeptExpectations(held);
    private final Stragglers stragglers;
    private final ServerCalls calls;
    private final CallsOfServers callsOfServers;
    private final Timers timers;
    private final CallBackPath path;
    private final NlmClientLimits limits;
    private final WatchedServers watched;
    private final ImmediateRequests immediate = new ImmediateRequests(this);
    private final Unlocking unlocking = new Unlocking(this);
    private final Reclaims reclaims;

    /** State numbers that servers have told. Looked at in turns. */
    private final Map<InetAddress, Integer> states = new HashMap<>();

    /** Completed when there is nothing left to do; present while the client is closing. */
    private @Nullable CompletableFuture<Void> idle;

    ClientCore(
            ServerCalls calls,
            OneWayCalls oneWay,
            CallBackPath path,
            LockListener listener,
            NlmClientLimits limits) {
        this.calls = calls;
        this.timers = calls.timers();
        this.path = path;
        this.limits = limits;
        this.callsOfServers = new CallsOfServers(turns, waits, held, oneWay);
        this.stragglers = new Stragglers(timers);
        this.watched = new WatchedServers(turns, timers, path, listener);
        this.reclaims = new Reclaims(this, listener);
    }

    // Requests.

    LockWait lock(NlmLock lock, Duration limit) {
        BlockedLock wait = new BlockedLock(this, lock, limit);
        turns.run(
                turn -> {
                    String full = refusal();
                    if (full == null && waits.count() >= limits.waits()) {
                        full = "%d requests wait, which is the limit".formatted(waits.count());
                    }
                    waits.add(wait);
                    if (full == null) {
                        callsOfServers.expectFrom(lock.server());
                        wait.begin(turn);
                    } else {
                        wait.refuse(turn, new ClientClosedException(full, false));
                    }
                });
        return wait;
    }

    CompletableFuture<LockAnswer> tryLock(NlmLock lock, Duration limit) {
        return immediate.tryLock(lock, limit);
    }

    CompletableFuture<LockAnswer.Test> test(NlmLock lock, Duration limit) {
        return immediate.test(lock, limit);
    }

    CompletableFuture<Void> unlock(NlmLock lock, Duration limit) {
        return unlocking.unlock(lock, limit);
    }

    /** See {@link Unlocking#release}. */
    CompletionStage<Void> release(Turns.Turn turn, NlmLock lock) {
        return unlocking.release(turn, lock);
    }

    /** Why no further lock may be asked for; null when one may. To be called in a turn. */
    @Nullable String refusal() {
        if (isClosing() || calls.isClosed()) {
            return CLOSED;
        }
        return held.count() >= limits.locks()
                ? "%d ranges are locked, which is the limit".formatted(held.count())
                : null;
    }

    /** What is held now. */
    List<NlmLock> heldNow() {
        return turns.take(
                turn -> {
                    List<NlmLock> all = new ArrayList<>();
                    held.keys().forEach(key -> all.addAll(held.of(key)));
                    return all;
                });
    }

    /** How many requests wait now. */
    int waitingNow() {
        return turns.take(turn -> waits.count());
    }

    // Before a server is asked for a lock.

    /** Completes when it is known how servers reach us. */
    CompletionStage<Void> ready() {
        return path.ready();
    }

    /** Completes, never exceptionally, when the client is ready for this server's call-backs. */
    CompletionStage<Void> watch(NlmServer server) {
        return watched.watch(server.address());
    }

    boolean grantsAreHints() {
        return path.bringsHints();
    }

    CompletionStage<CallBackPath.Expectation> expectGrant(NlmLock lock) {
        return path.expectGrant(lock.server().address(), calls.describe(lock), lock.isExclusive());
    }

    // News.

    /** A server has restarted (odd state), or is going down (even). Repetitions are ignored. */
    void serverRebooted(InetAddress server, int state) {
        calls.book().forget(server);
        turns.run(
                turn -> {
                    Integer before = states.put(server, state);
                    if ((before != null && before == state) || state % 2 == 0) {
                        return;
                    }
                    for (LaneKey key : held.keys()) {
                        if (key.server().address().equals(server)) {
                            reclaims.add(turn, key);
                        }
                    }
                    for (BlockedLock each : waits.all(at -> at.address().equals(server))) {
                        each.serverRestarted(turn);
                    }
                });
    }

    /**
     * The status monitor of this host has restarted without us. The servers take that for a restart
     * of the host and release all that it has; so everything is asked for once more.
     */
    void monitorRestarted() {
        turns.run(
                turn -> {
                    held.keys().forEach(key -> reclaims.addAnew(turn, key));
                    waits.all(server -> true).forEach(each -> each.serverRestarted(turn));
                });
    }

    /** Servers reach us in another way than before: what is expected of them is announced anew. */
    void pathChanged() {
        watched.again();
        turns.run(
                turn -> {
                    waits.all(server -> true).forEach(each -> each.announce(turn));
                    for (LaneKey key : held.keys()) {
                        held.of(key).forEach(lock -> turn.afterwards(() -> expectAgain(lock)));
                    }
                });
    }

    private void expectAgain(NlmLock lock) {
        var unused =
                expectGrant(lock)
                        .thenAccept(
                                expectation ->
                                        turns.run(
                                                turn -> {
                                                    if (held.covers(lock)) {
                                                        expectations.keep(turn, lock, expectation);
                                                    } else {
                                                        turn.afterwards(expectation::end);
                                                    }
                                                }));
    }

    /** A restart of this server would not be noticed any more. */
    void notMonitored(InetAddress server, String why) {
        watched.failed(server, why);
    }

    // The end.

    /** Whether everything is being given back. To be called in a turn. */
    boolean isClosing() {
        return idle != null;
    }

    /**
     * Gives everything back; completes when the servers have confirmed. Requests end as GivenUp.
     */
    CompletionStage<Void> releaseAll() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        turns.run(
                turn -> {
                    idle = done;
                    List<BlockedLock> all = waits.all(server -> true);
                    turn.afterwards(
                            () ->
                                    all.forEach(
                                            each -> {
                                                var unused = each.cancel();
                                            }));
                    for (LaneKey key : held.keys()) {
                        held.of(key).forEach(lock -> release(turn, lock));
                    }
                    laneEmptied(turn);
                });
        return done;
    }

    /** Forgets everything. */
    void abandonAll() {
        calls.close();
        turns.run(
                turn -> {
                    if (idle == null) {
                        idle = new CompletableFuture<>();
                    }
                    waits.all(server -> true).forEach(each -> each.abandon(turn));
                });
    }

    void over(Turns.Turn turn, BlockedLock wait) {
        waits.remove(wait);
        laneEmptied(turn);
    }

    private void laneEmptied(Turns.Turn turn) {
        CompletableFuture<Void> done = idle;
        if (done != null && lanes.isEmpty() && waits.count() == 0) {
            turn.afterwards(() -> done.complete(null));
        }
    }

    // Parts.

    Turns turns() {
        return turns;
    }

    Lanes lanes() {
        return lanes;
    }

    BlockedLocks waits() {
        return waits;
    }

    HeldLocks held() {
        return held;
    }

    KeptExpectations expectations() {
        return expectations;
    }

    Stragglers stragglers() {
        return stragglers;
    }

    ServerCalls calls() {
        return calls;
    }

    CallsOfServers callsOfServers() {
        return callsOfServers;
    }

    Timers timers() {
        return timers;
    }
}
