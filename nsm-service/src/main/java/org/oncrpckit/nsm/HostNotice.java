package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;

/**
 * The notice to one host in one of the ways in which it knows this host: which names are still to
 * be sent, how the attempts went. Only one attempt runs at a time, and only it touches the fields;
 * the notifier's lock orders one attempt after the other.
 */
final class HostNotice {
    private final RpcClient client;
    private final RpcbindClient rpcbind;
    private final InetAddress host;
    private final Contact contact;
    private final @Nullable InetAddress source;
    private final int state;
    private final List<HostName> names;

    /** Names of {@link #names} that the host has answered. */
    private int answered;

    /** Where its monitor listens; forgotten after a failure, since it may have moved. */
    private @Nullable RpcTarget monitor;

    /** Attempts begun. */
    private int attempts;

    /** {@link org.oncrpckit.rpc.transport.Timers#nanoTime} of the first attempt. */
    private long firstAttemptNanos;

    /**
     * A notice not tried yet.
     *
     * @param source local address to send from, or null for the one that routing picks
     * @param serverName what this host is called where the contact does not say
     */
    HostNotice(
            RpcClient client,
            RpcbindClient rpcbind,
            InetAddress host,
            Contact contact,
            @Nullable InetAddress source,
            HostName serverName,
            int state) {
        this.client = client;
        this.rpcbind = rpcbind;
        this.host = host;
        this.contact = contact;
        this.source = source;
        this.state = state;
        HostName full = contact.localName().bytes().length() > 0 ? contact.localName() : serverName;
        HostName brief = full.shortForm();
        // A host remembers us by the name that it was given at mount, which may lack the domain.
        names = full.equals(brief) ? List.of(full) : List.of(full, brief);
    }

    InetAddress host() {
        return host;
    }

    Contact contact() {
        return contact;
    }

    int attempts() {
        return attempts;
    }

    long firstAttemptNanos() {
        return firstAttemptNanos;
    }

    /**
     * Tries once: asks for the port where it is not known, then sends every name not answered yet,
     * one after the other. The future completes when the host has answered all of them.
     *
     * @param limit longest wait for each answer
     */
    CompletableFuture<Void> attempt(long nowNanos, Duration limit) {
        if (attempts++ == 0) {
            firstAttemptNanos = nowNanos;
        }
        CallOptions options = CallOptions.DEFAULT.withTimeLimit(limit);
        return CompletableFuture.completedFuture(Nothing.NOTHING)
                .thenCompose(nothing -> monitorOfHost(options))
                .thenCompose(target -> sendRest(target, options))
                .whenComplete(
                        (nothing, failure) -> {
                            if (failure != null) {
                                monitor = null;
                            }
                        });
    }

    private CompletableFuture<RpcTarget> monitorOfHost(CallOptions options) {
        return monitor == null ? find(options) : done(monitor);
    }

    private CompletableFuture<Void> sendRest(RpcTarget target, CallOptions options) {
        monitor = target;
        if (answered == names.size()) {
            return CompletableFuture.allOf();
        }
        StateChange change = new StateChange(names.get(answered), state);
        CompletableFuture<Nothing> reply =
                client.call(target, NsmProcedures.NOTIFY, change, options);
        return reply.thenCompose(
                nothing -> {
                    answered++;
                    return sendRest(target, options);
                });
    }

    /** UDP where the host has it, as every peer expects, else TCP. */
    private CompletableFuture<RpcTarget> find(CallOptions options) {
        return lookUp(Transport.UDP, options)
                .thenCompose(udp -> udp.isPresent() ? done(udp) : lookUp(Transport.TCP, options))
                .thenCompose(
                        found ->
                                found.map(HostNotice::done)
                                        .orElseGet(
                                                () ->
                                                        CompletableFuture.failedFuture(
                                                                notRegistered())));
    }

    private CompletableFuture<Optional<RpcTarget>> lookUp(
            Transport transport, CallOptions options) {
        return rpcbind.lookUp(host, source, NsmProcedures.V1, transport, options)
                .thenApply(port -> port.map(address -> target(transport, address)));
    }

    private RpcTarget target(Transport transport, InetSocketAddress address) {
        return new RpcTarget(transport, address, source);
    }

    private MonitorException notRegistered() {
        return new MonitorException(
                "no status monitor is registered on " + host.getHostAddress(), null);
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
