package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Timers;

/**
 * A request on its way to its lock. It is known here before its LOCK leaves, since the GRANTED call
 * may be quicker than the BLOCKED reply; it asks again every 5 s at first and every 30 s in the
 * end, since that call may be lost.
 *
 * <pre>
 *                    GRANTED reply, or GRANTED call
 *        WAITING ----------------------------------------> OVER (Granted)
 *           |  DEADLOCK, other refusals                      ^
 *           +--------------------------------------> OVER    |
 *           |  cancel, time limit                            |
 *           v                                                |
 *        GIVING_UP: see GivingUp --> OVER (GivenUp)          |
 *           +------------------------------------------------+
 * </pre>
 *
 * <p>A GRANTED call is believed, unless the same owner has given something of the file back lately,
 * the server has restarted, or it came through a relay: then it may be an old one, and the server
 * is asked first. Fields are used inside turns only.
 */
final class BlockedLock implements LockWait {
    static final Duration POLL_FIRST = Duration.ofSeconds(5);
    static final Duration POLL_LONGEST = Duration.ofSeconds(30);

    private enum Phase {
        WAITING,
        GIVING_UP,
        OVER
    }

    private final ClientCore core;
    private final NlmLock lock;
    private final LaneKey key;
    private final Deadline deadline;
    private final GivingUp givingUp;
    private final CompletableFuture<LockAnswer> answer = new CompletableFuture<>();

    private Phase phase = Phase.WAITING;
    private CallBackPath.Expectation expectation = CallBackPath.Expectation.NONE;
    private Timers.@Nullable Timer limit;
    private Timers.@Nullable Timer poll;
    private Duration interval = POLL_FIRST;

    /** The LOCK that is queued or on its way, and how long it may take. */
    private Lanes.@Nullable Job asking;

    private @Nullable Deadline askingDeadline;

    /** Whether the server is to be asked once more when the LOCK on its way is answered. */
    private boolean askAgain;

    /** Whether the server may have the request in its queue, or its lock. */
    private boolean known;

    /** Whether a GRANTED call may be about something that is over. */
    private boolean suspect;

    /** Whether a GRANTED call was answered GRANTED. */
    private boolean accepted;

    /** Whether to ask the server to queue the request; some cannot, and are polled. */
    private boolean block = true;

    BlockedLock(ClientCore core, NlmLock lock, Duration limit) {
        this.core = core;
        this.lock = lock;
        this.key = LaneKey.of(lock);
        this.givingUp = new GivingUp(core, this);
        this.deadline = Deadline.in(core.timers(), limit);
    }

    @Override
    public NlmLock lock() {
        return lock;
    }

    @Override
    public CompletableFuture<LockAnswer> answer() {
        return answer.copy();
    }

    @Override
    public CompletableFuture<LockAnswer> cancel() {
        core.turns().run(this::giveUp);
        return answer();
    }

    /** Registers the request; then the server may be asked. */
    void begin(Turns.Turn turn) {
        suspect = core.stragglers().arePossible(key);
        limit = core.timers().schedule(deadline.left(), () -> core.turns().run(this::giveUp));
        announce(turn);
    }

    /** Has the grant expected; then asks the server, unless it is being asked. */
    void announce(Turns.Turn turn) {
        turn.afterwards(
                () -> {
                    var unused =
                            core.watch(lock.server())
                                    .thenCompose(ready -> core.expectGrant(lock))
                                    .thenAccept(
                                            expected ->
                                                    core.turns()
                                                            .run(next -> expected(next, expected)));
                });
    }

    private void expected(Turns.Turn turn, CallBackPath.Expectation expected) {
        if (phase == Phase.OVER) {
            turn.afterwards(expected::end);
        } else {
            turn.afterwards(expectation::end);
            expectation = expected;
            stopPolling();
            ask(turn);
        }
    }

    /** An owner that gives some of these bytes back makes earlier grants of them untrue. */
    void doubt() {
        suspect = true;
    }

    /** The server has restarted: it knows nothing of the request. */
    void serverRestarted(Turns.Turn turn) {
        suspect = true;
        interval = POLL_FIRST;
        askNow(turn);
    }

    /** A GRANTED call names this request. */
    void granted(Turns.Turn turn) {
        accepted = true;
        if (phase != Phase.WAITING) {
            return;
        }
        if (core.isClosing()) {
            giveUp(turn);
        } else if (suspect || core.grantsAreHints()) {
            askNow(turn);
        } else {
            hold(turn);
        }
    }

    private void askNow(Turns.Turn turn) {
        if (phase != Phase.WAITING) {
            return;
        }
        if (asking != null) {
            askAgain = true;
        } else if (poll != null && poll.cancel()) {
            poll = null;
            ask(turn);
        }
    }

    private void ask(Turns.Turn turn) {
        poll = null;
        if (phase != Phase.WAITING || asking != null) {
            return;
        }
        askAgain = false;
        boolean queued = block;
        Deadline callDeadline = Deadline.in(core.timers(), deadline.left().plus(GivingUp.LIMIT));
        askingDeadline = callDeadline;
        asking = core.lanes().add(turn, key, () -> send(queued, callDeadline));
    }

    private CompletionStage<?> send(boolean queued, Deadline callDeadline) {
        return core.calls()
                .lock(lock, queued, false, callDeadline)
                .handle(
                        (status, failure) -> {
                            core.turns()
                                    .run(
                                            turn -> {
                                                asking = null;
                                                if (failure == null) {
                                                    answered(turn, status);
                                                } else {
                                                    unanswered(turn, Causes.of(failure));
                                                }
                                            });
                            return true;
                        });
    }

    private void answered(Turns.Turn turn, NlmStatus status) {
        if (phase == Phase.OVER) {
            return; // A GRANTED call came first.
        }
        switch (status) {
            case GRANTED -> {
                known = true;
                if (phase == Phase.WAITING) {
                    hold(turn);
                } else {
                    givingUp.begin(turn, true);
                }
            }
            case BLOCKED, DENIED, DENIED_GRACE_PERIOD -> {
                known |= status == NlmStatus.BLOCKED;
                if (phase == Phase.GIVING_UP) {
                    givingUp.begin(turn, false);
                } else if (status == NlmStatus.DENIED && block && hasNoWordForDeadlock()) {
                    finish(turn, new LockAnswer.Refused(status));
                } else if (askAgain) {
                    ask(turn);
                } else {
                    askLater(status);
                }
            }
            case DEADLOCK -> finish(turn, new LockAnswer.Deadlock());
            default -> {
                if (phase == Phase.WAITING && block && status == NlmStatus.FAILED) {
                    block = false; // FreeBSD's answer when it cannot call this host back.
                    ask(turn);
                } else {
                    finish(turn, new LockAnswer.Refused(status));
                }
            }
        }
    }

    /** To wait for what may be a deadlock would be to wait for ever. */
    private boolean hasNoWordForDeadlock() {
        return core.calls().book().isNarrow(lock.server());
    }

    private void askLater(NlmStatus status) {
        Duration delay = status == NlmStatus.DENIED_GRACE_PERIOD ? POLL_FIRST : interval;
        poll = core.timers().schedule(delay, () -> core.turns().run(this::ask));
        if (status != NlmStatus.DENIED_GRACE_PERIOD) {
            Duration doubled = interval.multipliedBy(2);
            interval = doubled.compareTo(POLL_LONGEST) < 0 ? doubled : POLL_LONGEST;
        }
    }

    private void unanswered(Turns.Turn turn, Throwable failure) {
        if (phase == Phase.OVER) {
            return;
        }
        if (core.held().hasSome(key, lock.range())) {
            fail(turn, failure);
            return;
        }
        boolean nothingThere =
                !known && failure instanceof NlmClientException client && !client.mayBeInEffect();
        fail(turn, failure);
        if (!nothingThere) {
            core.release(turn, lock);
        }
    }

    /** The lock is ours; a client that ends has given back the rest already. */
    void hold(Turns.Turn turn) {
        if (core.isClosing()) {
            phase = Phase.GIVING_UP;
            stopTimers();
            givingUp.unlock(turn);
            return;
        }
        core.held().add(lock);
        finish(turn, new LockAnswer.Granted());
    }

    private void giveUp(Turns.Turn turn) {
        if (phase != Phase.WAITING) {
            return;
        }
        phase = Phase.GIVING_UP;
        stopTimers();
        Lanes.Job job = asking;
        if (job != null && !core.lanes().remove(key, job)) {
            if (askingDeadline != null) {
                askingDeadline.shortenTo(GivingUp.LIMIT);
            }
            return; // It goes on when the LOCK on its way is answered.
        }
        asking = null;
        givingUp.begin(turn, false);
    }

    /** Whether the server may have the request in its queue, or its lock. */
    boolean mayBeAtServer() {
        return known || accepted;
    }

    /** Whether the server was asked to queue the request. */
    boolean isQueuedAtServer() {
        return block;
    }

    /** Whether a GRANTED call was answered GRANTED. */
    boolean isAccepted() {
        return accepted;
    }

    boolean isGivingUp() {
        return phase == Phase.GIVING_UP;
    }

    /** A wait for the same lock ends, and leaves what the server has of it to this one. */
    void takeOver(Turns.Turn turn, BlockedLock other) {
        known |= other.known;
        accepted |= other.accepted;
        askNow(turn);
    }

    /** Ends the wait before it has begun. */
    void refuse(Turns.Turn turn, ClientClosedException why) {
        fail(turn, why);
    }

    /** Ends the wait without a word to the server. */
    void abandon(Turns.Turn turn) {
        fail(turn, new ClientClosedException(ClientCore.CLOSED, known));
    }

    void finish(Turns.Turn turn, LockAnswer result) {
        if (end(turn)) {
            if (result instanceof LockAnswer.Granted) {
                core.expectations().keep(turn, lock, expectation);
            } else {
                turn.afterwards(expectation::end);
            }
            turn.afterwards(() -> answer.complete(result));
        }
    }

    void fail(Turns.Turn turn, Throwable failure) {
        if (end(turn)) {
            turn.afterwards(expectation::end);
            turn.afterwards(() -> answer.completeExceptionally(failure));
        }
    }

    private boolean end(Turns.Turn turn) {
        if (phase == Phase.OVER) {
            return false;
        }
        phase = Phase.OVER;
        stopTimers();
        if (asking != null) {
            core.lanes().remove(key, asking);
        }
        core.over(turn, this);
        return true;
    }

    private void stopTimers() {
        if (limit != null) {
            limit.cancel();
        }
        stopPolling();
        givingUp.stop();
    }

    private void stopPolling() {
        if (poll != null) {
            poll.cancel();
            poll = null;
        }
    }
}
