package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Lets a host in that asks for something to keep: sees whether it has begun a new life, and has it
 * on stable storage before it is promised anything. A host that is known does not wait.
 * Thread-safe.
 */
final class Admission {
    /** What the host's turn says. */
    enum Verdict {
        /** It may ask. */
        IN,
        /** The message is of a life that has ended. */
        REFUSED,
        /**
         * It is to be put on stable storage, is being forgotten, or has asked for something that
         * waits for that: see {@link #retry}.
         */
        NOT_YET
    }

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final HostMonitor monitor;
    private final HostName localName;
    private final LockSteps steps;
    private final RequestLine lines;
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
        this.lines = new RequestLine(desk, events);
        this.events = events;
    }

    /**
     * A host asks for something. To be called in its turn.
     *
     * @param callerName what it calls itself
     * @param nsmState its status monitor number; 0 when it says none
     * @param monitored whether it must be on stable storage first
     * @param headOf at the head of whose line the request is; null when it has just come in
     */
    Verdict admit(
            Turn turn,
            ClientHost host,
            Caller caller,
            HostName callerName,
            int nsmState,
            boolean monitored,
            @Nullable ClientHost headOf) {
        HostState state = host.state();
        if (state.retirement != null || mustWait(host, state, headOf)) {
            return Verdict.NOT_YET;
        }
        state.cameBy(caller.route());
        if (monitored && !state.monitoredAt.contains(caller.route().server())) {
            steps.heard(state); // Or it might be forgotten while it is being remembered.
            return Verdict.NOT_YET;
        }
        return steps.greet(turn, host, state, callerName, nsmState) ? Verdict.IN : Verdict.REFUSED;
    }

    /**
     * Whether what a host asks for, or gives back, has to be done after what it asked for before.
     */
    static boolean mustWait(ClientHost host, HostState state, @Nullable ClientHost headOf) {
        return host != headOf && state.line.isFormed();
    }

    /**
     * Lets the host ask once more, after all that it has asked for before. To be called after the
     * turn.
     *
     * @param request what it asks, at the head of its line
     */
    Decision inOrder(ClientHost host, Supplier<Decision> request) {
        return lines.join(host, request);
    }

    /**
     * Sees to what has to be done before the host may ask, then lets it ask once more. To be called
     * after the turn.
     *
     * @param headOf at the head of whose line the request is; null when it has just come in
     * @param request what it asks, at the head of this host's line
     */
    Decision retry(
            ClientHost host,
            Caller caller,
            HostName callerName,
            @Nullable ClientHost headOf,
            Supplier<Decision> request) {
        if (host != headOf) {
            return inOrder(host, request);
        }
        return new Decision.Later(
                prepare(host, caller, callerName)
                        .thenCompose(
                                ready ->
                                        ready
                                                ? request.get().stage()
                                                : Answer.of(NlmStatus.DENIED_NOLOCKS).stage()));
    }

    /** Whether the host may ask once more; false when it cannot be put on stable storage. */
    private CompletionStage<Boolean> prepare(ClientHost host, Caller caller, HostName callerName) {
        Optional<CompletableFuture<Boolean>> retirement =
                desk.read(host, state -> Optional.ofNullable(state.retirement));
        if (retirement.isPresent()) {
            return retirement.get(); // It is made known again after that.
        }
        return monitor(caller, callerName)
                .handle(
                        (done, failure) -> {
                            if (failure != null) {
                                events.monitoringFailed(caller.client().address(), failure);
                                return false;
                            }
                            InetAddress server = caller.route().server();
                            desk.change(host, state -> state.monitoredAt.add(server));
                            return true;
                        });
    }

    private CompletionStage<Void> monitor(Caller caller, HostName callerName) {
        CompletableFuture<?>[] each =
                hosts.addresses(caller.client()).stream()
                        .map(address -> monitor(address.address(), caller, callerName))
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(each);
    }

    private CompletableFuture<Void> monitor(
            InetAddress client, Caller caller, HostName callerName) {
        return monitor.monitor(
                        new MonitoredHost(
                                client,
                                callerName,
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
}
