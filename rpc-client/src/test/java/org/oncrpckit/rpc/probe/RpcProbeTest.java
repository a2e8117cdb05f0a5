package org.oncrpckit.rpc.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.IndirectReply;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.RpcbindProtocol;
import org.oncrpckit.rpc.rpcbind.ScriptedRpcbind;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.testing.HostFacts;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.xdr.Opaque;

/** The command against servers on real sockets. */
class RpcProbeTest {
    private static final String PROGRAM = Integer.toString(NullServer.PROGRAM);

    /** A link that no host has. */
    private static final String NOWHERE = "ff02::202%9999";

    private static final ProgramVersion NFS = new ProgramVersion(100_003, 3);

    private final SocketPlatform platform = SocketPlatform.open();
    private final Network network = platform.platform().network();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        platform.close();
    }

    private int probe(String... arguments) {
        return RpcProbe.run(
                ProgramNames.with(Path.of("/nonexistent")),
                new PrintWriter(out),
                new PrintWriter(err, true),
                arguments);
    }

    private String serveUdp(String host, MessageReceiver server) throws Exception {
        var endpoint = network.bindDatagram(new InetSocketAddress(InetAddress.getByName(host), 0));
        endpoint.receiveCalls(server);
        return port((InetSocketAddress) endpoint.localAddress());
    }

    private String serveTcp(String host, MessageReceiver server) throws Exception {
        var listener =
                network.listen(
                        new InetSocketAddress(InetAddress.getByName(host), 0),
                        endpoint -> endpoint.receiveCalls(server));
        return port((InetSocketAddress) listener.localAddress());
    }

    private static String port(InetSocketAddress address) {
        return Integer.toString(address.getPort());
    }

    private void assertOneLineOfError(String... parts) {
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("rpcprobe: ").contains(parts);
    }

    @Test
    void listShowsWhatVersionFourKnows() throws Exception {
        String port =
                serveTcp(
                        "127.0.0.1",
                        new ScriptedRpcbind()
                                .answer(
                                        RpcbindProtocol.V4.dump(),
                                        nothing ->
                                                List.of(
                                                        new Registration(
                                                                NFS, "udp6", "::.8.1", "31"),
                                                        new Registration(
                                                                new ProgramVersion(-1, 7),
                                                                "local",
                                                                "/run/x",
                                                                "superuser"))));
        assertThat(probe("list", "127.0.0.1", "--rpcbind-port", port)).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "program name version netid address owner",
                        "100003 nfs 3 udp6 [::]:2049 31",
                        "4294967295 - 7 local /run/x superuser");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void listFallsBackToThePortMapper() throws Exception {
        String port =
                serveTcp(
                        "127.0.0.1",
                        new ScriptedRpcbind()
                                .answer(
                                        PortmapProtocol.DUMP,
                                        nothing ->
                                                List.of(
                                                        new Mapping(
                                                                NFS, PortmapProtocol.UDP, 2049))));
        assertThat(probe("list", "127.0.0.1", "--rpcbind-port", port, "--json")).isZero();
        assertThat(out.toString().strip())
                .isEqualTo(
                        "{\"programs\":[{\"program\":100003,\"name\":\"nfs\",\"version\":3,"
                                + "\"netid\":\"udp\",\"address\":\"0.0.0.0:2049\","
                                + "\"universalAddress\":\"0.0.0.0.8.1\",\"owner\":\"\"}]}");
    }

    @Test
    void whatAHostSaysCannotSteerTheTerminal() throws Exception {
        String port =
                serveTcp(
                        "127.0.0.1",
                        new ScriptedRpcbind()
                                .answer(
                                        RpcbindProtocol.V4.dump(),
                                        nothing ->
                                                List.of(
                                                        new Registration(
                                                                NFS,
                                                                "u\u001b[2J",
                                                                "\u009bx\n",
                                                                "\r\""))));
        assertThat(probe("list", "127.0.0.1", "--rpcbind-port", port)).isZero();
        assertThat(out.toString()).contains("u\\u001b[2J", "\\u009bx\\u000a", "\\u000d\"");
        assertThat(probe("list", "127.0.0.1", "--rpcbind-port", port, "--json")).isZero();
        assertThat(out.toString()).contains("\"owner\":\"\\u000d\\\"\"");
    }

    @Test
    void listOfAHostWithoutRpcbind() {
        assertThat(probe("list", "127.0.0.1", "--rpcbind-port", "1", "--timeout", "300"))
                .isEqualTo(ExitStatus.NO_ANSWER);
        assertOneLineOfError("no reply", "127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void pingCallsTheHighestVersionOverUdp(String host) throws Exception {
        assumeTrue(host.equals("127.0.0.1") || HostFacts.hasIpv6(), "this host has no ::1");
        String port = serveUdp(host, new NullServer(0, 2, 3, 4));
        assertThat(probe("ping", host, PROGRAM, "--port", port, "--interval", "0")).isZero();
        assertThat(out.toString())
                .contains("program " + PROGRAM + " version 4 at udp ", ":" + port)
                .contains("10 sent, 10 answered, 0 lost, 0 failed")
                .containsPattern("min [0-9.]+, p50 [0-9.]+, p90 [0-9.]+, p99 [0-9.]+, max [0-9.]+");
    }

    @Test
    void pingAsksRpcbindForThePort() throws Exception {
        String port = serveTcp("127.0.0.1", new NullServer(0, 5));
        String rpcbind =
                serveUdp(
                        "127.0.0.1",
                        new ScriptedRpcbind()
                                .answer(
                                        PortmapProtocol.GETPORT,
                                        wanted ->
                                                wanted.protocol() == PortmapProtocol.TCP
                                                        ? Integer.parseInt(port)
                                                        : 0));
        String program = PROGRAM + "/5";
        assertThat(
                        probe(
                                "ping",
                                "127.0.0.1",
                                program,
                                "--transport=tcp",
                                "--rpcbind-port",
                                rpcbind,
                                "--count=200",
                                "--interval=0",
                                "--in-flight=32"))
                .isZero();
        assertThat(out.toString()).contains("200 sent, 200 answered").contains("tcp 127.0.0.1:");
        assertThat(probe("ping", "127.0.0.1", program, "--rpcbind-port", rpcbind))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertThat(err.toString()).contains("is not registered for udp on 127.0.0.1");
    }

    @Test
    void pingOverAUnixDomainSocket(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("socket");
        network.listen(
                UnixDomainSocketAddress.of(path),
                endpoint -> endpoint.receiveCalls(new NullServer(0, 1)));
        assertThat(
                        probe(
                                "ping",
                                "localhost",
                                PROGRAM,
                                "--transport",
                                "unix:" + path,
                                "--count=3",
                                "--interval=0",
                                "--json"))
                .isZero();
        assertThat(out.toString())
                .startsWith("{\"program\":" + PROGRAM + ",\"version\":1,\"transport\":\"unix\"")
                .contains("\"sent\":3,\"answered\":3,\"lost\":0,\"failed\":0,\"minNanos\":");
    }

    @Test
    void pingCountsWhatIsLost() throws Exception {
        String port = serveUdp("127.0.0.1", new NullServer(4, 1));
        assertThat(
                        probe(
                                "ping",
                                "127.0.0.1",
                                PROGRAM + "/1",
                                "--port",
                                port,
                                "--count=8",
                                "--interval=0",
                                "--in-flight=8",
                                "--timeout=2000"))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertThat(out.toString()).contains("8 sent, 6 answered, 2 lost, 0 failed");
    }

    @Test
    void pingOfNobody() {
        assertThat(probe("ping", "127.0.0.1", "nfs/3", "--port=1", "--transport=tcp"))
                .isEqualTo(ExitStatus.NO_ANSWER);
        assertOneLineOfError("cannot connect", "127.0.0.1:1", "refused");
    }

    @Test
    void pingOfAProgramThatTheServerHasNot() throws Exception {
        String port = serveUdp("127.0.0.1", new NullServer(0, 1));
        assertThat(probe("ping", "127.0.0.1", "nfs", "--port", port))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertOneLineOfError("nfs (100003)", "PROG_UNAVAIL");
    }

    @Test
    void versionsAreCalledOneByOne() throws Exception {
        String port = serveUdp("127.0.0.1", new NullServer(0, 1, 3, 4));
        assertThat(probe("versions", "127.0.0.1", PROGRAM, "--port", port)).isZero();
        assertThat(out.toString()).contains("versions 1 to 4, answering: 1 3 4, refused: 2");
    }

    @Test
    void boundsTheWrongWayRoundAreTurnedRound() throws Exception {
        String port = serveUdp("127.0.0.1", new NullServer(0, 4, 3, 1));
        assertThat(probe("versions", "127.0.0.1", PROGRAM, "--port", port)).isZero();
        assertThat(out.toString()).contains("versions 1 to 4, answering: 1 3 4, refused: 2");
    }

    @Test
    void serverThatTakesAnyVersionIsFoundOut() throws Exception {
        String port = serveUdp("127.0.0.1", new NullServer(0));
        assertThat(probe("versions", "127.0.0.1", PROGRAM, "--port", port))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertOneLineOfError("accepts any version");
    }

    /** An rpcbind on every address that forwards whatever it is asked to. */
    private String serveBroadcasts() throws Exception {
        return serveUdp(
                "0.0.0.0",
                new ScriptedRpcbind()
                        .answer(
                                PortmapProtocol.CALLIT,
                                call -> new IndirectReply(2049, Opaque.EMPTY)));
    }

    @Test
    void broadcastListsWhoAnswers() throws Exception {
        String port = serveBroadcasts();
        assertThat(
                        probe(
                                "broadcast",
                                "nfs/3",
                                "--to=127.255.255.255",
                                "--rpcbind-port",
                                port,
                                "--max-replies=1"))
                .isZero();
        assertThat(out.toString().strip().split(" +"))
                .containsExactly("100003", "nfs", "3", "127.0.0.1:2049");
    }

    @Test
    void broadcastThatNobodyAnswers() throws Exception {
        assertThat(
                        probe(
                                "broadcast",
                                "nfs/3",
                                "--to=127.255.255.255",
                                "--rpcbind-port=1",
                                "--timeout=100",
                                "--json"))
                .isEqualTo(ExitStatus.NO_ANSWER);
        assertThat(out.toString().strip()).isEqualTo("{\"answers\":[],\"notAsked\":[]}");
    }

    @Test
    void networkThatCannotBeAskedLeavesTheOthers() throws Exception {
        String port = serveBroadcasts();
        assertThat(
                        probe(
                                "broadcast",
                                "nfs/3",
                                "--to=" + NOWHERE,
                                "--to=127.255.255.255",
                                "--rpcbind-port",
                                port,
                                "--max-replies=1",
                                "--json"))
                .isEqualTo(ExitStatus.NEGATIVE);
        assertThat(out.toString())
                .contains("\"address\":\"127.0.0.1:2049\"")
                .contains("\"notAsked\":[\"ff02:0:0:0:0:0:0:202%9999\"]");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("rpcprobe: network ff02:0:0:0:0:0:0:202%9999: ");
    }

    @Test
    void noNetworkThatCanBeAsked() {
        assertThat(
                        probe(
                                "broadcast",
                                "nfs/3",
                                "--to=" + NOWHERE,
                                "--rpcbind-port=1",
                                "--timeout=10000"))
                .isEqualTo(ExitStatus.NO_ANSWER);
        assertOneLineOfError("network ff02:0:0:0:0:0:0:202%9999: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping",
                "ping localhost nosuchprogram",
                "ping localhost nfs/x",
                "ping localhost nfs/4294967296",
                "ping localhost nfs --transport sctp",
                "ping localhost nfs --port 65536",
                "ping localhost nfs --count 0",
                "ping localhost nfs --in-flight 0",
                "ping localhost nfs --timeout 0",
                "ping -4 -6 localhost nfs",
                "versions localhost nfs/3",
                "broadcast nfs",
                "list --nosuchoption",
                "nosuchcommand"
            })
    void wrongUsageIsOneLine(String line) {
        assertThat(probe(line.split(" "))).isEqualTo(ExitStatus.USAGE);
        assertOneLineOfError("--help");
    }

    @Test
    void hostWithoutAnAddress() {
        assertThat(probe("list", "-6", "127.0.0.1")).isEqualTo(ExitStatus.NO_HOST);
        assertOneLineOfError("host \"127.0.0.1\" has no IPv6 address");
    }
}
