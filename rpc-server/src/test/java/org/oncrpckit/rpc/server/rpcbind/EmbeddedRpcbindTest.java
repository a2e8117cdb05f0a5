package org.oncrpckit.rpc.server.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.NetBuffer;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.Way;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/** Over real sockets on loopback, on another port than 111. */
class EmbeddedRpcbindTest {
    private static final ProgramVersion V1 = new ProgramVersion(0x2000_0701, 1);
    private static final ProgramVersion V3 = new ProgramVersion(0x2000_0701, 3);
    private static final RpcbindProtocol RPCBIND = RpcbindProtocol.V4;

    private final SocketPlatform sockets = SocketPlatform.open();
    private final RpcPlatform platform = sockets.platform();
    private final Teardown teardown = new Teardown();
    private final RpcClient caller = RpcClient.builder(platform).build();
    private final RpcClient privileged =
            RpcClient.builder(platform).localPorts(PortPolicy.privileged()).build();
    private final EmbeddedRpcbind rpcbind;

    @TempDir private Path folder;

    EmbeddedRpcbindTest() throws Exception {
        teardown.add(sockets);
        teardown.add(caller);
        teardown.add(privileged);
        rpcbind = open(RpcbindLimits.DEFAULT);
    }

    private EmbeddedRpcbind open(RpcbindLimits limits) throws Exception {
        EmbeddedRpcbind opened =
                EmbeddedRpcbind.builder(platform)
                        .addresses(
                                ListenAddresses.of(
                                        List.of(
                                                address("127.0.0.2"),
                                                address("127.0.0.3"),
                                                address("0.0.0.0"))))
                        .port(0)
                        .limits(limits)
                        .open();
        teardown.add(opened);
        return opened;
    }

    @AfterEach
    void close() {
        teardown.close();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private RpcTarget udp(String address) {
        return RpcTarget.udp(new InetSocketAddress(address(address), rpcbind.port().number()));
    }

    private RpcTarget tcp(String address) {
        return RpcTarget.tcp(new InetSocketAddress(address(address), rpcbind.port().number()));
    }

    private <A, R> R ask(RpcTarget target, Procedure<A, R> procedure, A arguments)
            throws RpcException, InterruptedException {
        return caller.callAndWait(target, procedure, arguments, CallOptions.DEFAULT);
    }

    private <A, R> R askAsRoot(RpcTarget target, Procedure<A, R> procedure, A arguments)
            throws RpcException, InterruptedException {
        return privileged.callAndWait(target, procedure, arguments, CallOptions.DEFAULT);
    }

    /** Registers without a call. */
    private void register(ProgramVersion version, String netid, String address) {
        assertThat(rpcbind.registry().set(registration(version, netid, address)))
                .isCompletedWithValue(true);
    }

    private static Registration registration(ProgramVersion version, String netid, String at) {
        return new Registration(version, netid, at, "");
    }

    private static void requireRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "ports below 1024 need root");
    }

    /** An address of this host that is not loopback: what comes from there may be anybody's. */
    private String outerAddress() throws IOException {
        List<String> outer =
                platform.network().localAddresses().stream()
                        .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
                        .map(InetAddress::getHostAddress)
                        .toList();
        assumeTrue(!outer.isEmpty(), "this host has nothing but loopback");
        return outer.get(0);
    }

    private static void assertTooWeak(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RpcRejectedException.class,
                        rejected ->
                                assertThat(rejected.authStatus())
                                        .contains(AuthStatus.AUTH_TOOWEAK));
    }

    @Test
    void programRegistersFromLoopbackAndAPrivilegedPort() throws Exception {
        requireRoot();
        Mapping wanted = new Mapping(V1, PortmapProtocol.UDP, 4711);
        assertThat(askAsRoot(udp("127.0.0.1"), PortmapProtocol.SET, wanted)).isTrue();
        assertThat(askAsRoot(udp("127.0.0.1"), PortmapProtocol.SET, wanted))
                .as("the very same once more")
                .isTrue();
        assertThat(
                        askAsRoot(
                                udp("127.0.0.1"),
                                PortmapProtocol.SET,
                                new Mapping(V1, PortmapProtocol.UDP, 4712)))
                .as("another port")
                .isFalse();
        assertThat(ask(udp("127.0.0.1"), PortmapProtocol.GETPORT, wanted)).isEqualTo(4711);
        assertThat(rpcbind.registrations())
                .contains(new Registration(V1, "udp", "0.0.0.0.18.103", "superuser"));
        assertThat(askAsRoot(udp("127.0.0.1"), PortmapProtocol.UNSET, wanted)).isTrue();
        assertThat(ask(udp("127.0.0.1"), PortmapProtocol.GETPORT, wanted)).isZero();
        assertThat(askAsRoot(udp("127.0.0.1"), PortmapProtocol.UNSET, wanted)).isFalse();
    }

    @Test
    void nobodyElseChangesRegistrations() throws Exception {
        Registration wanted = registration(V1, "tcp", "0.0.0.0.18.103");
        Mapping mapping = new Mapping(V1, PortmapProtocol.TCP, 4711);
        register(V1, "udp", "0.0.0.0.18.103");
        for (RpcTarget target : List.of(udp("127.0.0.1"), tcp("127.0.0.1"))) {
            assertTooWeak(() -> ask(target, RPCBIND.set(), wanted));
            assertTooWeak(() -> ask(target, RPCBIND.unset(), registration(V1, "", "")));
            assertTooWeak(() -> ask(target, PortmapProtocol.SET, mapping));
            assertTooWeak(() -> ask(target, PortmapProtocol.UNSET, mapping));
        }
        assertThat(rpcbind.registrations()).hasSize(sizeAtStart() + 1);
    }

    @Test
    void privilegedPortOfAnotherAddressIsNotEnough() throws Exception {
        requireRoot();
        String outer = outerAddress();
        Registration wanted = registration(V1, "tcp", "0.0.0.0.18.103");
        assertTooWeak(() -> askAsRoot(udp(outer).from(address(outer)), RPCBIND.set(), wanted));
        assertTooWeak(
                () ->
                        askAsRoot(
                                udp("127.0.0.1").from(address(outer)),
                                PortmapProtocol.SET,
                                new Mapping(V1, PortmapProtocol.TCP, 4711)));
    }

    @Test
    void kernelSaysWhoRegistersOverTheSocket() throws Exception {
        Path path = folder.resolve("rpcbind.sock");
        rpcbind.listen(path);
        RpcTarget local = RpcTarget.unix(UnixDomainSocketAddress.of(path));
        Registration wanted = registration(V1, "tcp6", "::.18.103");
        assertThat(ask(local, RPCBIND.set(), wanted)).isTrue();
        String user = System.getProperty("user.name");
        assertThat(ask(local, RPCBIND.dump(), Nothing.NOTHING))
                .contains(
                        new Registration(
                                V1, "tcp6", "::.18.103", user.equals("root") ? "superuser" : user));
        assertThat(ask(local, RPCBIND.unset(), registration(V1, "TCP6", ""))).isTrue();
    }

    @Test
    void registrationOfAnotherUserIsNotTakenBack() {
        RegistrationTable table = new RegistrationTable(8);
        table.set(new Registration(V1, "udp", "0.0.0.0.1.1", "alice"));
        table.set(new Registration(V1, "tcp", "0.0.0.0.1.1", "bob"));
        assertThat(table.unset(V1, Set.of(), new Owner("alice"))).isFalse();
        assertThat(table.all()).as("all or nothing").hasSize(2);
        assertThat(table.unset(V1, Set.of("udp"), new Owner("alice"))).isTrue();
        assertThat(table.unset(V1, Set.of(), Owner.SUPERUSER)).isTrue();
    }

    @Test
    void answersWithTheAddressThatWasAsked() throws Exception {
        register(V1, "udp", "0.0.0.0.18.103");
        register(V1, "tcp", "127.0.0.9.18.104");
        assertThat(ask(udp("127.0.0.2"), RPCBIND.getAddress(), registration(V1, "tcp", "")))
                .as("the transport of the question decides")
                .isEqualTo("127.0.0.2.18.103");
        assertThat(
                        ask(
                                udp("127.0.0.2"),
                                RPCBIND.getAddress(),
                                registration(V1, "udp", "127.0.0.3.0.111")))
                .as("an address of ours that the caller prefers")
                .isEqualTo("127.0.0.3.18.103");
        for (String hint : List.of("192.0.2.1.0.111", "::1.0.111", "0.0.0.0.0.111", "rubbish")) {
            assertThat(ask(udp("127.0.0.2"), RPCBIND.getAddress(), registration(V1, "udp", hint)))
                    .as(hint)
                    .isEqualTo("127.0.0.2.18.103");
        }
        assertThat(ask(tcp("127.0.0.2"), RPCBIND.getAddress(), registration(V1, "tcp", "")))
                .as("bound to one address only")
                .isEqualTo("127.0.0.9.18.104");
    }

    @Test
    void anotherVersionOfTheProgramWillDoUnlessTheVersionIsInsistedOn() throws Exception {
        register(V1, "udp", "0.0.0.0.18.103");
        register(V3, "udp", "0.0.0.0.18.104");
        ProgramVersion two = new ProgramVersion(V1.program(), 2);
        assertThat(
                        ask(
                                udp("127.0.0.1"),
                                PortmapProtocol.GETPORT,
                                new Mapping(two, PortmapProtocol.UDP, 0)))
                .isEqualTo(18 * 256 + 104);
        assertThat(ask(udp("127.0.0.1"), RPCBIND.getAddress(), registration(two, "", "")))
                .isEqualTo("127.0.0.1.18.104");
        assertThat(
                        ask(
                                udp("127.0.0.1"),
                                RpcbindProtocol.GET_VERSION_ADDRESS,
                                registration(two, "", "")))
                .isEmpty();
        assertThat(
                        ask(
                                udp("127.0.0.1"),
                                RpcbindProtocol.GET_VERSION_ADDRESS,
                                registration(V1, "", "")))
                .isEqualTo("127.0.0.1.18.103");
    }

    @Test
    void listsEveryWayOfTheCallersFamily() throws Exception {
        register(V1, "udp", "0.0.0.0.18.103");
        register(V1, "tcp", "0.0.0.0.18.103");
        register(V1, "tcp6", "::.18.103");
        assertThat(
                        ask(
                                udp("127.0.0.2"),
                                RpcbindProcedures.GET_ADDRESS_LIST,
                                registration(V1, "", "")))
                .containsExactly(
                        new Way("127.0.0.2.18.103", "udp", 1, "inet", "udp"),
                        new Way("127.0.0.2.18.103", "tcp", 3, "inet", "tcp"));
    }

    @Test
    void fullTableRefusesAndKeepsWhatItHas() throws Exception {
        EmbeddedRpcbind small = open(new RpcbindLimits(sizeAtStart() + 1, 128, 4));
        Registration udp = registration(V1, "udp", "0.0.0.0.1.1");
        Registration tcp = registration(V1, "tcp", "0.0.0.0.1.1");
        assertThat(small.registry().set(udp).join()).isTrue();
        assertThat(small.registry().set(tcp).join()).as("no room").isFalse();
        assertThat(small.registry().set(udp).join()).as("there already").isTrue();
    }

    @Test
    void unfitTextsAreNotRegistered() throws Exception {
        Path path = folder.resolve("rpcbind.sock");
        rpcbind.listen(path);
        RpcTarget local = RpcTarget.unix(UnixDomainSocketAddress.of(path));
        ProgramVersion ourselves = new ProgramVersion(RpcbindProtocol.PROGRAM_NUMBER, 4);
        for (Registration unfit :
                List.of(
                        registration(V1, "", "0.0.0.0.1.1"),
                        registration(V1, "udp", ""),
                        registration(V1, "udp", "0.0.0.0.0.0"),
                        registration(V1, "udp", "somewhere"),
                        registration(V1, "odd\nnetid", "x"),
                        registration(V1, "local", "/" + "x".repeat(200)),
                        registration(ourselves, "sctp", "0.0.0.0.1.1"))) {
            assertThat(ask(local, RPCBIND.set(), unfit)).as(unfit.toString()).isFalse();
        }
        assertThat(ask(local, RPCBIND.unset(), registration(ourselves, "", ""))).isFalse();
        assertThat(rpcbind.registrations()).hasSize(sizeAtStart() + 2);
    }

    @Test
    void longListsGoOverUdpToThisHostOnly() throws Exception {
        assertThat(ask(udp("127.0.0.1"), PortmapProtocol.DUMP, Nothing.NOTHING)).hasSize(6);
        String outer = outerAddress();
        RpcTarget forged = udp(outer).from(address(outer));
        assertTooWeak(() -> ask(forged, PortmapProtocol.DUMP, Nothing.NOTHING));
        assertTooWeak(() -> ask(forged, RPCBIND.dump(), Nothing.NOTHING));
        assertTooWeak(() -> ask(forged, RpcbindProcedures.GET_STATISTICS, Nothing.NOTHING));
        assertThat(ask(tcp(outer), PortmapProtocol.DUMP, Nothing.NOTHING)).hasSize(6);
    }

    @Test
    void callsNobodyOnBehalfOfOthers() {
        assertThatThrownBy(
                        () ->
                                ask(
                                        udp("127.0.0.1"),
                                        PortmapProtocol.CALLIT,
                                        new PortmapProtocol.IndirectCall(V1, 0, Opaque.EMPTY)))
                .isInstanceOf(RpcRejectedException.class)
                .hasMessageContaining("PROC_UNAVAIL");
    }

    @Test
    void addressesAreTranslatedBothWays() throws Exception {
        for (String text : List.of("192.0.2.7.3.232", "2001:db8:0:0:0:0:0:7.3.232")) {
            NetBuffer buffer =
                    ask(
                            udp("127.0.0.1"),
                            RpcbindProcedures.toSocketAddress(RPCBIND.set().programVersion()),
                            text);
            assertThat(
                            ask(
                                    udp("127.0.0.1"),
                                    RpcbindProcedures.toUniversalAddress(
                                            RPCBIND.set().programVersion()),
                                    buffer))
                    .isEqualTo(text);
        }
        assertThat(
                        ask(
                                udp("127.0.0.1"),
                                RpcbindProcedures.toUniversalAddress(
                                        RPCBIND.set().programVersion()),
                                new NetBuffer(4, Opaque.copyOf(new byte[4]))))
                .isEmpty();
    }

    @Test
    void countsWhatWasAskedWithinItsLimit() throws Exception {
        RpcTarget overTcp = tcp("127.0.0.1"); // Where no call is sent twice.
        register(V1, "tcp", "0.0.0.0.18.103");
        ask(overTcp, RPCBIND.getAddress(), registration(V1, "", ""));
        for (int i = 0; i < 300; i++) {
            ask(
                    overTcp,
                    RPCBIND.getAddress(),
                    registration(new ProgramVersion(0x3000_0000 + i, 1), "", ""));
        }
        var fourth = ask(overTcp, RpcbindProcedures.GET_STATISTICS, Nothing.NOTHING).get(2);
        assertThat(fourth.calls().get(3)).as("GETADDR").isEqualTo(301);
        assertThat(fourth.addresses())
                .hasSize(RpcbindLimits.DEFAULT.countedServicesMax())
                .first()
                .isEqualTo(new RpcbindProcedures.AddressCount(V1, 1, 0, "tcp"));
    }

    @Test
    void tellsTheTime() throws Exception {
        long seconds = ask(udp("127.0.0.1"), RPCBIND.getTime(), Nothing.NOTHING);
        assertThat(seconds)
                .isBetween(
                        platform.timers().now().getEpochSecond() - 30,
                        platform.timers().now().getEpochSecond());
    }

    /** Three versions over UDP and TCP of IPv4, two of IPv6 where the host has it. */
    private int sizeAtStart() {
        boolean six =
                rpcbind.port().addresses().stream().anyMatch(a -> !(a instanceof Inet4Address));
        return six ? 10 : 6;
    }
}
