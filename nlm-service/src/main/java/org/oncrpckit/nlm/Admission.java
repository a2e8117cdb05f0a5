package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.ShareArgs;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Lets a host's LOCK in: finds the host, or makes it known; sees whether it has begun a new life;
 * and has it on stable storage before it is promised anything. A host that is known does not wait.
 * Thread-safe.
 */
final class Admission {
    /**
     * What a host says of itself when it asks for something to keep.
     *
     * @param callerName what it calls itself
     * @param state its status monitor number; 0 when it says none
     * @param monitored whether it must be on stable storage first
     */
    record Introduction(HostName callerName, int state, boolean monitored) {
        /** Of a LOCK, or of an NM_LOCK: nobody monitors that, so its number means nothing. */
        static Introduction of(LockArgs args, boolean monitored) {
            return new Introduction(
                    args.lock().callerName(), monitored ? args.state() : 0, monitored);
        }

        /** Of a SHARE, which has no number. */
        static Introduction of(ShareArgs args) {
            return new Introduction(args.callerName(), 0, true);
        }
    }

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
    private final KeptPlaces places;
    private final Events events;

    Admission(
            LockDesk desk,
            HostRegistry hosts,
            HostMonitor monitor,
            HostName localName,
            LockSteps steps,
            KeptPlaces places,
            Events events) {
        this.desk = desk;
        this.hosts = hosts;
        this.monitor = monitor;
        this.localName = localName;
        this.steps = steps;
        this.places = places;
        this.events = events;
    }

    CompletionStage<NlmStatus> admit(Caller caller, Introduction introduction, Step step) {
        Optional<ClientHost> found = hosts.findOrAdd(caller.client());
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(NlmStatus.DENIED_NOLOCKS);
        }
        ClientHost host = found.get();
        Verdict verdict =
                desk.turn(
                        host,
                        (turn, state) -> inTurn(turn, host, state, caller, introduction, step));
        if (verdict instanceof Verdict.Answered answered) {
            if (places.giveUp(answered.answer().cycle())) {
                return admit(caller, introduction, step); // Each time there is less to give up.
            }
            steps.announce(host, caller, answered.answer());
            return CompletableFuture.completedFuture(answered.answer().status());
        }
        if (verdict instanceof Verdict.Leaving leaving) {
            return leaving.gone().thenCompose(gone -> admit(caller, introduction, step));
        }
        return monitor(caller, introduction)
                .handle(
                        (done, failure) ->
                                failure == null
                                        ? remembered(host, caller, introduction, step)
                                        : refused(caller, failure))
                .thenCompose(stage -> stage);
    }

    private Verdict inTurn(
            Turn turn,
            ClientHost host,
            HostState state,
            Caller caller,
            Introduction introduction,
            Step step) {
        if (state.retirement != null) {
            return new Verdict.Leaving(state.retirement);
        }
        state.cameBy(caller.route());
        if (introduction.monitored() && !state.monitoredAt.contains(caller.route().server())) {
            steps.heard(state); // Or it might be forgotten while it is being remembered.
            return new Verdict.ToMonitor();
        }
        return new Verdict.Answered(
                steps.greet(turn, host, state, introduction)
                        ? step.take(turn, host, state)
                        : LockSteps.Answer.of(NlmStatus.DENIED_NOLOCKS));
    }

    private CompletionStage<Void> monitor(Caller caller, Introduction introduction) {
        CompletableFuture<?>[] each =
                hosts.addresses(caller.client()).stream()
                        .map(address -> monitor(address.address(), caller, introduction))
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(each);
    }

    private CompletableFuture<Void> monitor(
            InetAddress client, Caller caller, Introduction introduction) {
        return monitor.monitor(
                        new MonitoredHost(
                                client,
                                introduction.callerName(),
                                reachableFrom(caller.route().server(), client),
                                localName))
                .toCompletableFuture();
    }

    /** Our own address for notices to this one: the one that was asked, if its family fits. */
    private static InetAddress reachableFrom(InetAddress asked, InetAddress client) {
        byte[] bytes = client.getAddress();
        if (asked.getAddress().length == bytes.length) {
            return asked;
        }
        try {
            return InetAddress.getByAddress(new byte[bytes.length]);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address as long as another: " + client, e);
        }
    }

    private CompletionStage<NlmStatus> remembered(
            ClientHost host, Caller caller, Introduction introduction, Step step) {
        desk.turn(host, (turn, state) -> state.monitoredAt.add(caller.route().server()));
        return admit(caller, introduction, step);
    }

    private CompletionStage<NlmStatus> refused(Caller caller, @Nullable Throwable failure) {
        if (failure != null) {
            events.monitoringFailed(caller.client().address(), failure);
        }
        return CompletableFuture.completedFuture(NlmStatus.DENIED_NOLOCKS);
    }
}
