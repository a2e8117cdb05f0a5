package org.oncrpckit.rpc.server.host;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.UniversalAddress;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * Finds out whether somebody answers behind a registration of this host. A service may listen on
 * some of the host's addresses only, so all of them are asked.
 */
final class RegistrationProbe {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(1));

    private final RpcClient client;
    private final Network network;

    RegistrationProbe(RpcClient client, Network network) {
        this.client = client;
        this.network = network;
    }

    /** The first registration that somebody answers for. */
    Optional<Registration> firstAlive(List<Registration> registrations)
            throws InterruptedException {
        Map<CompletableFuture<?>, Registration> pings = new LinkedHashMap<>();
        for (Registration registration : registrations) {
            for (RpcTarget target : targets(registration)) {
                pings.put(ping(target, registration), registration);
            }
        }
        Optional<Registration> alive = Optional.empty();
        for (Map.Entry<CompletableFuture<?>, Registration> ping : pings.entrySet()) {
            if (answers(ping.getKey())) {
                alive = alive.or(() -> Optional.of(ping.getValue()));
            }
        }
        return alive;
    }

    private CompletableFuture<?> ping(RpcTarget target, Registration registration) {
        return client.call(
                target,
                new Procedure<>(
                        registration.programVersion(), 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID),
                Nothing.NOTHING,
                OPTIONS);
    }

    /**
     * A rejection is an answer too: something serves RPC there, though perhaps not this version.
     */
    private static boolean answers(CompletableFuture<?> ping) throws InterruptedException {
        try {
            ping.get();
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RpcRejectedException;
        }
    }

    private List<RpcTarget> targets(Registration registration) {
        Transport transport;
        switch (registration.netid()) {
            case "udp", "udp6" -> transport = Transport.UDP;
            case "tcp", "tcp6" -> transport = Transport.TCP;
            default -> {
                return List.of();
            }
        }
        boolean six = registration.netid().endsWith("6");
        List<RpcTarget> targets = new ArrayList<>();
        try {
            int port = UniversalAddress.parse(registration.address()).getPort();
            for (InetAddress address : network.localAddresses()) {
                if (port != 0 && address instanceof Inet6Address == six) {
                    targets.add(
                            new RpcTarget(transport, new InetSocketAddress(address, port), null));
                }
            }
        } catch (IllegalArgumentException | IOException e) {
            // Nothing can be served at an address that cannot be read.
            return List.of();
        }
        return targets;
    }
}
