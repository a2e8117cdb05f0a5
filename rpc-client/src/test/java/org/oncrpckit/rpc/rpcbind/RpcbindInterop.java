package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.BroadcastReply;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Gathering;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * What {@link RpcbindInteropTest} runs in a Java process of its own, inside a network of its own
 * where Debian's rpcbind is the only other inhabitant. It fails with an exception, or exits with 0.
 */
public final class RpcbindInterop {
    private static final ProgramVersion PROGRAM = new ProgramVersion(0x2000_0007, 3);
    private static final Procedure<Integer, Integer> TWICE =
            new Procedure<>(PROGRAM, 1, "TWICE", XdrCodecs.INT, XdrCodecs.INT);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    private final RpcClient client;
    private final InetAddress ipv4;
    private final InetAddress ipv6;

    private RpcbindInterop(RpcClient client) throws Exception {
        this.client = client;
        this.ipv4 = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        byte[] one = new byte[16];
        one[15] = 1;
        this.ipv6 = InetAddress.getByAddress(one);
    }

    public static void main(String[] arguments) throws Exception {
        try (SocketPlatform platform = SocketPlatform.open();
                RpcClient client = RpcClient.builder(platform.platform()).build()) {
            RpcbindInterop interop = new RpcbindInterop(client);
            interop.awaitRpcbind();
            interop.registerAndLookUp(new RpcbindClient(client));
            LocalRpcbind withoutSocket =
                    new LocalRpcbind(
                            UnixDomainSocketAddress.of("/run/no-such.sock"),
                            LocalRpcbind.DEFAULT.loopback());
            interop.registerAndLookUp(new RpcbindClient(client, withoutSocket));
            interop.askWhatOnlyNewVersionsKnow(new RpcbindClient(client));
            interop.callThroughRpcbind(platform.platform().network());
        }
        System.out.println("rpcbind interop passed");
    }

    private void awaitRpcbind() {
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> !new RpcbindClient(client).dump(ipv4, OPTIONS).get().isEmpty());
    }

    private void registerAndLookUp(RpcbindClient rpcbind) throws Exception {
        // Linux does not mind that nothing was registered.
        assertThat(rpcbind.unset(PROGRAM, OPTIONS).get()).isTrue();
        List<Registration> mine =
                List.of(
                        new Registration(PROGRAM, Netid.UDP, "127.0.0.1.15.205", ""),
                        new Registration(PROGRAM, Netid.TCP, "127.0.0.1.15.206", ""),
                        new Registration(PROGRAM, Netid.UDP6, "::1.15.207", ""),
                        new Registration(PROGRAM, Netid.TCP6, "::1.15.208", ""));
        for (Registration each : mine) {
            assertThat(rpcbind.set(each, OPTIONS).get()).as("set %s", each).isTrue();
        }
        Registration other = new Registration(PROGRAM, Netid.UDP, "127.0.0.1.1.1", "");
        assertThat(rpcbind.set(other, OPTIONS).get()).isFalse();
        assertThat(port(rpcbind, ipv4, Transport.UDP)).isEqualTo(4045);
        assertThat(port(rpcbind, ipv4, Transport.TCP)).isEqualTo(4046);
        assertThat(port(rpcbind, ipv6, Transport.UDP)).isEqualTo(4047);
        assertThat(port(rpcbind, ipv6, Transport.TCP)).isEqualTo(4048);
        assertThat(rpcbind.dump(ipv4, OPTIONS).get())
                .filteredOn(each -> each.programVersion().equals(PROGRAM))
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.owner()).isNotEmpty());
        assertThat(rpcbind.unset(PROGRAM, OPTIONS).get()).isTrue();
        assertThat(rpcbind.lookUp(ipv4, null, PROGRAM, Transport.UDP, OPTIONS).get()).isEmpty();
        assertThat(rpcbind.lookUp(ipv6, null, PROGRAM, Transport.TCP, OPTIONS).get()).isEmpty();
    }

    private void askWhatOnlyNewVersionsKnow(RpcbindClient rpcbind) throws Exception {
        assertThat(rpcbind.time(ipv4, OPTIONS).get())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        Registration registration = new Registration(PROGRAM, Netid.UDP, "127.0.0.1.15.205", "");
        assertThat(rpcbind.set(registration, OPTIONS).get()).isTrue();
        ProgramVersion other = new ProgramVersion(PROGRAM.program(), 4);
        assertThat(rpcbind.lookUpVersion(ipv4, PROGRAM, Transport.UDP, OPTIONS).get())
                .contains(new InetSocketAddress(ipv4, 4045));
        assertThat(rpcbind.lookUpVersion(ipv4, other, Transport.UDP, OPTIONS).get()).isEmpty();
        assertThat(rpcbind.lookUp(ipv4, null, other, Transport.UDP, OPTIONS).get())
                .as("the port of another version")
                .isPresent();
        assertThat(rpcbind.addresses(ipv4, PROGRAM, OPTIONS).get())
                .extracting(RpcbindProtocol.AddressEntry::netid)
                .containsExactly(Netid.UDP);
        assertThat(rpcbind.unset(PROGRAM, OPTIONS).get()).isTrue();
        assertThat(rpcbind.dumpLocal(OPTIONS).get())
                .extracting(Registration::netid)
                .contains(Netid.LOCAL, Netid.UDP6);
        RpcbindStatistics statistics = rpcbind.statistics(ipv4, OPTIONS).get();
        assertThat(statistics.versions()).hasSize(RpcbindStatistics.VERSIONS);
        assertThat(statistics.versions().get(2).sets()).as("version 4").isPositive();
        assertThat(statistics.versions().get(0).lookUps())
                .as("version 2")
                .anyMatch(each -> each.programVersion().equals(PROGRAM));
    }

    /** CALLIT, BCAST and INDIRECT: a program of ours is called by rpcbind. */
    private void callThroughRpcbind(Network network) throws Exception {
        RpcbindClient rpcbind = new RpcbindClient(client);
        ScriptedRpcbind program = new ScriptedRpcbind().answer(TWICE, number -> 2 * number);
        InetSocketAddress here = serve(network, ipv4, program);
        InetSocketAddress here6 = serve(network, ipv6, program);
        for (Registration each :
                List.of(
                        new Registration(PROGRAM, Netid.UDP, UniversalAddress.format(here), ""),
                        new Registration(
                                PROGRAM, Netid.UDP6, UniversalAddress.format(here6), ""))) {
            assertThat(rpcbind.set(each, OPTIONS).get()).as("set %s", each).isTrue();
        }

        assertThat(rpcbind.callIndirect(ipv4, TWICE, 21, OPTIONS).get()).isEqualTo(42);
        assertThat(rpcbind.callIndirect(ipv6, TWICE, 4, OPTIONS).get()).isEqualTo(8);
        InetAddress network4 = InetAddress.getByName("10.9.0.255");
        InetAddress own4 = InetAddress.getByName("10.9.0.1");
        assertThat(everybody(rpcbind, network4, own4))
                .containsExactly(
                        new BroadcastReply<>(new InetSocketAddress(own4, here.getPort()), 14));
        NetworkInterface link = NetworkInterface.getByName("v0");
        InetAddress own6 =
                link.inetAddresses()
                        .filter(InetAddress::isLinkLocalAddress)
                        .findAny()
                        .orElseThrow();
        // To all nodes: Debian's rpcbind leaves the group of rpcbinds as soon as it has joined it.
        InetAddress network6 = InetAddress.getByName("ff02::1%" + link.getName());
        assertThat(everybody(rpcbind, network6, own6))
                .containsExactly(
                        new BroadcastReply<>(new InetSocketAddress(own6, here6.getPort()), 14));

        assertThat(rpcbind.unset(PROGRAM, OPTIONS).get()).isTrue();
        assertThat(failure(rpcbind.callIndirect(ipv4, TWICE, 21, OPTIONS)))
                .isInstanceOf(RpcRejectedException.class);
        RpcbindStatistics statistics = rpcbind.statistics(ipv4, OPTIONS).get();
        assertThat(statistics.versions())
                .extracting(counts -> counts.remoteCalls().size())
                .as("CALLIT in version 2, INDIRECT and BCAST in version 4")
                .satisfiesExactly(
                        v2 -> assertThat(v2).isPositive(),
                        v3 -> assertThat(v3).isZero(),
                        v4 -> assertThat(v4).isPositive());
        assertThat(statistics.versions().get(2).remoteCalls())
                .anyMatch(each -> each.procedure() == TWICE.number() && each.indirect() > 0);
    }

    private static InetSocketAddress serve(
            Network network, InetAddress address, MessageReceiver program) throws Exception {
        Endpoint endpoint = network.bindDatagram(new InetSocketAddress(address, 0));
        endpoint.receiveCalls(program);
        return (InetSocketAddress) endpoint.localAddress();
    }

    private static List<BroadcastReply<Integer>> everybody(
            RpcbindClient rpcbind, InetAddress network, InetAddress source) throws Exception {
        return rpcbind.broadcast(network, source, TWICE, 7, OPTIONS, Gathering.upTo(1)).get();
    }

    private static Throwable failure(CompletableFuture<?> call) throws Exception {
        try {
            throw new AssertionError("no failure but " + call.get());
        } catch (ExecutionException e) {
            return e.getCause() instanceof CompletionException wrapped
                    ? wrapped.getCause()
                    : e.getCause();
        }
    }

    private static int port(RpcbindClient rpcbind, InetAddress host, Transport transport)
            throws Exception {
        return rpcbind.lookUp(host, null, PROGRAM, transport, OPTIONS)
                .get(30, TimeUnit.SECONDS)
                .map(InetSocketAddress::getPort)
                .orElse(0);
    }
}
