package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.ClientRole;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.WireRange;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What a client holds and waits for, and what it does about it. Thread-safe; what the parts share
 * is looked at in {@link Turns} only.
 */
final class ClientCore implements ClientRole {
    /** How long a lock with an owner that has gone is tried to be given back. */
    static final Duration RELEASE_LIMIT = Duration.ofMinutes(10);

    /** How long a server has to say that its grace period is over. */
    private static final Duration GRACE_PAUSE = Duration.ofSeconds(5);

    /** How long it may take until a server is watched. */
    private static final Duration MONITOR_LIMIT = Duration.ofSeconds(5);

    private final Turns turns = new Turns();
    private final Lanes lanes;
    private final Waits waits = new Waits();
    private final HeldLocks held = new HeldLocks();
    private final Stragglers stragglers;
    private final ServerCalls calls;
    private final OneWayCalls oneWay;
    private final Timers timers;
    private final CallBackPath path;
    private final LockListener listener;
    private final NlmClientLimits limits;
    private final Reclaims reclaims;

    /** Servers that were ever asked for a lock. Looked at in turns. */
    private final Set<NlmServer> servers = new HashSet<>();

    /** State numbers that servers have told. Looked at in turns. */
    private final Map<InetAddress, Integer> states = new HashMap<>();

    /** Whether and since when servers are watched. Looked at in turns. */
    private final Map<InetAddress, CompletableFuture<Void>> monitored = new HashMap<>();

    /** What will be told of GRANTED calls for locks that are held. Looked at in turns. */
    private final Map<LaneKey, List<Kept>> kept = new HashMap<>();

    /** Completed when there is nothing left to do; present while the client is closing. */
    private @Nullable CompletableFuture<Void> idle;

    private record Kept(NlmLock lock, CallBackPath.Expectation expectation) {}

    ClientCore(
            ServerCalls calls,
            OneWayCalls oneWay,
            CallBackPath path,
            LockListener listener,
            NlmClientLimits limits) {
        this.calls = calls;
        this.oneWay = oneWay;
        this.timers = calls.timers();
        this.path = path;
        this.listener = listener;
        this.limits = limits;
        this.lanes = new Lanes(turns, this::laneEmptied);
        this.stragglers = new Stragglers(timers);
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
                        servers.add(lock.server());
                        wait.begin(turn);
                    } else {
                        wait.refuse(turn, new ClientClosedException(full, false));
                    }
                });
        return wait;
    }

    CompletableFuture<LockAnswer> tryLock(NlmLock lock, Duration limit) {
        CompletableFuture<LockAnswer> answer = new CompletableFuture<>();
        @Nullable String refusal =
                turns.take(
                        turn -> {
                            servers.add(lock.server());
                            return refusal();
                        });
        if (refusal != null) {
            return CompletableFuture.failedFuture(new ClientClosedException(refusal, false));
        }
        Deadline deadline = Deadline.in(timers, limit);
        var unused =
                prepare(lock.server())
                        .thenRun(() -> turns.run(t -> tryOnce(t, lock, deadline, answer)));
        return answer;
    }

    private void tryOnce(
            Turns.Turn turn,
            NlmLock lock,
            Deadline deadline,
            CompletableFuture<LockAnswer> answer) {
        lanes.add(
                turn,
                LaneKey.of(lock),
                () ->
                        calls.lock(lock, false, false, deadline)
                                .handle(
                                        (status, failure) -> {
                                            turns.run(
                                                    then ->
                                                            tried(
                                                                    then, lock, deadline, answer,
                                                                    status, failure));
                                            return true;
                                        }));
    }

    private void tried(
            Turns.Turn turn,
            NlmLock lock,
            Deadline deadline,
            CompletableFuture<LockAnswer> answer,
            @Nullable NlmStatus status,
            @Nullable Throwable failure) {
        if (status == null) {
            Throwable cause = cause(failure);
            boolean unsure = cause instanceof NlmClientException e && e.mayBeInEffect();
            if (unsure && !held.hasSome(LaneKey.of(lock), lock.range())) {
                release(turn, lock);
            }
            turn.afterwards(() -> answer.completeExceptionally(cause));
            return;
        }
        switch (status) {
            case GRANTED -> {
                held.add(lock);
                turn.afterwards(() -> answer.complete(new LockAnswer.Granted()));
            }
            case DENIED, BLOCKED -> turn.afterwards(() -> answer.complete(new LockAnswer.Denied()));
            case DEADLOCK -> turn.afterwards(() -> answer.complete(new LockAnswer.Deadlock()));
            case DENIED_GRACE_PERIOD -> {
                if (deadline.left().compareTo(GRACE_PAUSE) > 0) {
                    timers.schedule(
                            GRACE_PAUSE,
                            () -> turns.run(later -> tryOnce(later, lock, deadline, answer)));
                } else {
                    turn.afterwards(() -> answer.complete(new LockAnswer.Refused(status)));
                }
            }
            default -> turn.afterwards(() -> answer.complete(new LockAnswer.Refused(status)));
        }
    }

    CompletableFuture<LockAnswer.Test> test(NlmLock lock, Duration limit) {
        Deadline deadline = Deadline.in(timers, limit);
        CompletableFuture<LockAnswer.Test> answer = new CompletableFuture<>();
        testOnce(lock, deadline, answer);
        return answer;
    }

    private void testOnce(
            NlmLock lock, Deadline deadline, CompletableFuture<LockAnswer.Test> answer) {
        var unused =
                path.ready()
                        .thenCompose(ready -> calls.test(lock, deadline))
                        .whenComplete(
                                (outcome, failure) -> {
                                    if (failure != null) {
                                        answer.completeExceptionally(cause(failure));
                                    } else if (outcome instanceof TestOutcome.Conflict conflict) {
                                        answer.complete(
                                                new LockAnswer.Test.Conflict(conflict.holder()));
                                    } else if (outcome.status() == NlmStatus.GRANTED) {
                                        answer.complete(new LockAnswer.Test.Free());
                                    } else if (outcome.status() == NlmStatus.DENIED_GRACE_PERIOD
                                            && deadline.left().compareTo(GRACE_PAUSE) > 0) {
                                        timers.schedule(
                                                GRACE_PAUSE,
                                                () -> testOnce(lock, deadline, answer));
                                    } else {
                                        answer.complete(
                                                new LockAnswer.Test.Refused(outcome.status()));
                                    }
                                });
    }

    CompletableFuture<Void> unlock(NlmLock lock, Duration limit) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Timers.Timer timer =
                timers.schedule(
                        limit,
                        () ->
                                answer.completeExceptionally(
                                        new ServerUnreachableException(
                                                lock.server() + " does not confirm the unlocking",
                                                true,
                                                null)));
        turns.run(
                turn -> {
                    if (calls.isClosed()) {
                        String closed = "the client is closed";
                        turn.afterwards(
                                () ->
                                        answer.completeExceptionally(
                                                new ClientClosedException(closed, false)));
                        return;
                    }
                    giveBack(lock);
                    Deadline deadline = Deadline.in(timers, RELEASE_LIMIT);
                    lanes.add(turn, LaneKey.of(lock), () -> unlockOnce(lock, deadline, answer));
                });
        return answer.whenComplete((done, failure) -> timer.cancel());
    }

    /**
     * Gives a lock back for an owner that does not wait for it, before anything else of that owner.
     *
     * @return completes when the server has confirmed; fails when it does not
     */
    CompletionStage<Void> release(Turns.Turn turn, NlmLock lock) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        giveBack(lock);
        Deadline deadline = Deadline.in(timers, RELEASE_LIMIT);
        lanes.addFirst(turn, LaneKey.of(lock), () -> unlockOnce(lock, deadline, answer));
        return answer;
    }

    /** From now on it is not reclaimed, and what was granted before is not believed. */
    private void giveBack(NlmLock lock) {
        LaneKey key = LaneKey.of(lock);
        held.remove(key, lock.range());
        stragglers.gaveBack(key);
        for (BlockedLock each : waits.of(key)) {
            if (each.lock().range().intersects(lock.range())) {
                each.doubt();
            }
        }
    }

    private CompletionStage<?> unlockOnce(
            NlmLock lock, Deadline deadline, CompletableFuture<Void> answer) {
        return calls.unlock(lock, deadline)
                .handle(
                        (status, failure) -> {
                            turns.run(
                                    then ->
                                            unlocked(
                                                    then, lock, deadline, answer, status, failure));
                            return true;
                        });
    }

    private void unlocked(
            Turns.Turn turn,
            NlmLock lock,
            Deadline deadline,
            CompletableFuture<Void> answer,
            @Nullable NlmStatus status,
            @Nullable Throwable failure) {
        if (status == null) {
            Throwable cause = cause(failure);
            turn.afterwards(() -> answer.completeExceptionally(cause));
        } else if (status == NlmStatus.DENIED_GRACE_PERIOD && !deadline.isOver()) {
            // A reclaim of this owner's other locks must not wait for it: so two jobs.
            LaneKey key = LaneKey.of(lock);
            lanes.addFirst(turn, key, () -> unlockOnce(lock, deadline, answer));
            lanes.addFirst(turn, key, this::gracePause);
        } else {
            // What was granted to an earlier request while this one waited for its turn.
            LaneKey key = LaneKey.of(lock);
            held.remove(key, lock.range());
            forgetKept(turn, key);
            turn.afterwards(() -> answer.complete(null));
        }
    }

    private CompletionStage<Void> gracePause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        timers.schedule(GRACE_PAUSE, () -> over.complete(null));
        return over;
    }

    private @Nullable String refusal() {
        if (idle != null || calls.isClosed()) {
            return "the client is closed";
        }
        return held.count() >= limits.locks()
                ? "%d ranges are locked, which is the limit".formatted(held.count())
                : null;
    }

    // Before a server is asked for a lock.

    /** Completes, never exceptionally, when the client is ready for this server's call-backs. */
    CompletionStage<Void> prepare(NlmServer server) {
        InetAddress address = server.address();
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> first =
                turns.take(
                        turn -> {
                            CompletableFuture<Void> present = monitored.putIfAbsent(address, mine);
                            return present == null ? mine : present;
                        });
        if (first == mine) {
            Timers.Timer limit =
                    timers.schedule(
                            MONITOR_LIMIT,
                            () -> {
                                listener.notMonitored(address, "the status monitor is slow");
                                mine.complete(null);
                            });
            var unused =
                    path.ready()
                            .thenCompose(ready -> path.monitor(address))
                            .whenComplete(
                                    (done, failure) -> {
                                        if (limit.cancel() && failure != null) {
                                            String why =
                                                    String.valueOf(cause(failure).getMessage());
                                            listener.notMonitored(address, why);
                                        }
                                        mine.complete(null);
                                    });
        }
        return first;
    }

    boolean grantsAreHints() {
        return path.bringsHints();
    }

    CompletionStage<CallBackPath.Expectation> expectGrant(NlmLock lock) {
        return path.expectGrant(lock.server().address(), calls.describe(lock), lock.isExclusive());
    }

    // Call-backs.

    @Override
    public CompletionStage<NlmStatus> granted(Sender sender, TestArgs grant) {
        boolean ours =
                sender.version()
                        .range(grant.lock())
                        .filter(range -> WireRange.offset(range) == range.first())
                        .map(range -> granted(sender.server(), grant, range))
                        .orElse(false);
        return CompletableFuture.completedFuture(ours ? NlmStatus.GRANTED : NlmStatus.DENIED);
    }

    private boolean granted(InetAddress server, TestArgs grant, LockRange range) {
        LockMode mode = grant.exclusive() ? LockMode.EXCLUSIVE : LockMode.SHARED;
        NlmOwner owner = new NlmOwner(grant.lock().svid(), grant.lock().ownerHandle());
        return turns.take(
                turn -> {
                    boolean ours = false;
                    for (NlmServer each : servers) {
                        if (each.address().equals(server)) {
                            ours |=
                                    granted(
                                            turn,
                                            new NlmLock(
                                                    each,
                                                    grant.lock().fileHandle(),
                                                    owner,
                                                    range,
                                                    mode));
                        }
                    }
                    return ours;
                });
    }

    @Override
    public void testAnswered(Sender sender, TestReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void lockAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void cancelAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void unlockAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    private boolean granted(Turns.Turn turn, NlmLock lock) {
        boolean ours = held.covers(lock);
        for (BlockedLock each : waits.of(LaneKey.of(lock))) {
            if (each.lock().equals(lock)) {
                each.granted(turn);
                ours = true;
            }
        }
        return ours;
    }

    /** A lock is held: calls that say so again are expected until it is given back. */
    void keep(NlmLock lock, CallBackPath.Expectation expectation) {
        if (expectation != CallBackPath.Expectation.NONE) {
            kept.computeIfAbsent(LaneKey.of(lock), key -> new ArrayList<>(1))
                    .add(new Kept(lock, expectation));
        }
    }

    private void forgetKept(Turns.Turn turn, LaneKey key) {
        List<Kept> same = kept.get(key);
        if (same == null) {
            return;
        }
        same.removeIf(
                each -> {
                    boolean over = !held.hasSome(key, each.lock.range());
                    if (over) {
                        turn.afterwards(each.expectation::end);
                    }
                    return over;
                });
        if (same.isEmpty()) {
            kept.remove(key);
        }
    }

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

    // The end.

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

    Waits waits() {
        return waits;
    }

    HeldLocks held() {
        return held;
    }

    Stragglers stragglers() {
        return stragglers;
    }

    ServerCalls calls() {
        return calls;
    }

    Timers timers() {
        return timers;
    }

    static Throwable cause(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("no answer and no failure") : failure;
    }
}
