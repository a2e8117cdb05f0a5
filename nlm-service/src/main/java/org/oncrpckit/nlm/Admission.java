package org.oncrpckit.nlm;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Lets a host's LOCK in: finds the host, or makes it known; sees whether it has begun a new life;
 * and has it on stable storage before it is promised anything. A host that is known does not wait.
 * Thread-safe.
 */
final class Admission {
    /** What is done when the host is in. */
    @FunctionalInterface
    interface Step {
        /** In the host's turn. */
        LockSteps.Answer take(Turn turn, ClientHost host, HostState state);
    }

    /** What the host's turn said. */
    private sealed interface Verdict {
        /** Done. */
        record Answered(LockSteps.Answer answer) implements Verdict {}

        /** To be put on stable storage. */
        record ToMonitor() implements Verdict {}

        /** Being forgotten; to be made known again after that. */
        record Leaving(CompletionStage<Boolean> gone) implements Verdict {}
    }

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final HostMonitor monitor;
    private final HostName localName;
    private final LockSteps steps;
    private final Events events;

    Admission(
            LockDesk desk,
            HostRegistry hosts,
            HostMonitor monitor,
            HostName localName,
            LockSteps steps,
            Events events) {
        this.desk = desk;
        this.hosts = hosts;
        this.monitor = monitor;
        this.localName = localName;
        this.steps = steps;
        this.events = events;
    }

    CompletionStage<NlmStatus> admit(Caller caller, boolean monitored, Step step, LockArgs args) {
        Optional<ClientHost> found = hosts.findOrAdd(caller.client());
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(NlmStatus.DENIED_NOLOCKS);
        }
        ClientHost host = found.get();
        Verdict verdict =
                desk.turn(
                        host,
                        (turn, state) -> inTurn(turn, host, state, caller, monitored, step, args));
        if (verdict instanceof Verdict.Answered answered) {
            steps.announce(host, caller, answered.answer());
            return CompletableFuture.completedFuture(answered.answer().status());
        }
        if (verdict instanceof Verdict.Leaving leaving) {
            return leaving.gone().thenCompose(gone -> admit(caller, monitored, step, args));
        }
        return monitor(caller, args)
                .handle(
                        (done, failure) ->
                                failure == null
                                        ? remembered(host, caller, step, args)
                                        : refused(caller, failure))
                .thenCompose(stage -> stage);
    }

    private Verdict inTurn(
            Turn turn,
            ClientHost host,
            HostState state,
            Caller caller,
            boolean monitored,
            Step step,
            LockArgs args) {
        if (state.retirement != null) {
            return new Verdict.Leaving(state.retirement);
        }
        if (monitored && !state.monitoredAt.contains(caller.route().server())) {
            steps.heard(state); // Or it might be forgotten while it is being remembered.
            return new Verdict.ToMonitor();
        }
        return new Verdict.Answered(
                steps.greet(turn, host, state, args)
                        ? step.take(turn, host, state)
                        : LockSteps.Answer.of(NlmStatus.DENIED_NOLOCKS));
    }

    private CompletionStage<Void> monitor(Caller caller, LockArgs args) {
        return monitor.monitor(
                new MonitoredHost(
                        caller.client().address(),
                        args.lock().callerName(),
                        caller.route().server(),
                        localName));
    }

    private CompletionStage<NlmStatus> remembered(
            ClientHost host, Caller caller, Step step, LockArgs args) {
        desk.turn(host, (turn, state) -> state.monitoredAt.add(caller.route().server()));
        return admit(caller, true, step, args);
    }

    private CompletionStage<NlmStatus> refused(Caller caller, @Nullable Throwable failure) {
        if (failure != null) {
            events.monitoringFailed(caller.client().address(), failure);
        }
        return CompletableFuture.completedFuture(NlmStatus.DENIED_NOLOCKS);
    }
}
