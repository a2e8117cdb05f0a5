package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.relay.RelayProtocol;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/** What servers send to the lock clients of a host, message by message: to whom it goes. */
class RelayedResultsTest {
    private static final NlmVersion V4 = NlmVersion.V4;
    private static final Opaque COOKIE = Opaque.ofUtf8("cookie of the first");

    private final World world = new World();
    private final RelayHost host = new RelayHost(world, 1).start();
    private final ScriptedPeer server = new ScriptedPeer(world, 1, V4);
    private final ScriptedPeer stranger = new ScriptedPeer(world, 2, V4);
    private final LocalProcess first = new LocalProcess();
    private final LocalProcess second = new LocalProcess();
    private final WireLock lock =
            new WireLock(RelayHost.NAME, World.FILE, Opaque.ofUtf8("owner"), 7, 0, 0);

    /** A process of the host, of which the test decides every answer. */
    private final class LocalProcess {
        final List<Object> received = new ArrayList<>();

        /** What it says of a grant. */
        CompletableFuture<NlmStatus> verdict = CompletableFuture.completedFuture(NlmStatus.GRANTED);

        final Endpoint connection;
        private final RpcClient client;

        LocalProcess() {
            RpcPlatform platform = world.network.platform(host.host);
            client = RpcClient.builder(platform).build();
            RpcServer calls =
                    RpcServer.builder(platform)
                            .program(
                                    RpcProgram.builder(RelayProtocol.VERSION.program(), "process")
                                            .asynchronous(
                                                    RelayProtocol.GRANTED,
                                                    (call, forwarded) -> {
                                                        received.add(forwarded.content());
                                                        call.answerFrom(verdict);
                                                    })
                                            .procedure(
                                                    RelayProtocol.TEST_RESULT,
                                                    (call, forwarded) ->
                                                            record(forwarded.content()))
                                            .procedure(
                                                    RelayProtocol.STATUS_RESULT,
                                                    (call, forwarded) ->
                                                            record(forwarded.content()))
                                            .build())
                            .build();
            connection =
                    world.await(
                            platform.network()
                                    .connect(
                                            UnixDomainSocketAddress.of(RelayHost.SOCKET),
                                            null,
                                            World.SECOND_1)
                                    .toCompletableFuture());
            calls.attach(connection);
            client.attach(connection);
            ask(RelayProtocol.HELLO, Nothing.NOTHING);
        }

        private Nothing record(Object content) {
            received.add(content);
            return Nothing.NOTHING;
        }

        <A, R> R ask(Procedure<A, R> procedure, A arguments) {
            return world.await(
                    client.callOn(
                            connection,
                            connection.peer().orElseThrow(),
                            procedure,
                            arguments,
                            CallOptions.DEFAULT));
        }

        void expectResult(Opaque cookie) {
            assertThat(
                            ask(
                                    RelayProtocol.EXPECT_RESULT,
                                    new RelayProtocol.ExpectedResult(server.address, cookie)))
                    .isNotZero();
        }

        void expectGrant() {
            TestArgs grant = new TestArgs(Opaque.EMPTY, true, lock);
            assertThat(
                            ask(
                                    RelayProtocol.EXPECT_GRANT,
                                    new RelayProtocol.ExpectedGrant(server.address, grant)))
                    .isNotZero();
        }
    }

    @BeforeEach
    void serversCallTheHost() {
        server.serverAddress = host.address;
        stranger.serverAddress = host.address;
    }

    private <A> void sendResult(ScriptedPeer from, Procedure<A, Nothing> procedure, A result) {
        var unused = from.client.send(from.target(), procedure, result, CallOptions.DEFAULT);
        world.settle();
    }

    /** Procedures 11 to 14. */
    private void sendAllResults(ScriptedPeer from, Opaque cookie) {
        sendResult(
                from,
                V4.test().result(),
                new TestReply(cookie, new TestOutcome.Other(NlmStatus.GRANTED)));
        sendResult(from, V4.lock().result(), new StatusReply(cookie, NlmStatus.BLOCKED));
        sendResult(from, V4.cancel().result(), new StatusReply(cookie, NlmStatus.DENIED));
        sendResult(from, V4.unlock().result(), new StatusReply(cookie, NlmStatus.GRANTED));
    }

    @Test
    void eachKindOfResultReachesTheProcessThatWaitsForItsCookie() {
        first.expectResult(COOKIE);
        second.expectResult(Opaque.ofUtf8("another cookie"));
        sendAllResults(server, COOKIE);
        assertThat(first.received)
                .containsExactly(
                        new TestReply(COOKIE, new TestOutcome.Other(NlmStatus.GRANTED)),
                        new StatusReply(COOKIE, NlmStatus.BLOCKED),
                        new StatusReply(COOKIE, NlmStatus.DENIED),
                        new StatusReply(COOKIE, NlmStatus.GRANTED));
        assertThat(second.received).isEmpty();
    }

    @Test
    void resultOfAnotherHostOrWithAnotherCookieIsNotBelieved() {
        first.expectResult(COOKIE);
        sendAllResults(stranger, COOKIE);
        sendAllResults(server, Opaque.ofUtf8("not asked for"));
        assertThat(first.received).isEmpty();
        assertThat(second.received).isEmpty();
    }

    /** GRANTED as a message; the GRANTED_RES that comes back. */
    private NlmStatus grantByMessage(ScriptedPeer from) {
        Opaque cookie = from.cookie();
        from.send(V4.granted(), new TestArgs(cookie, true, lock));
        assertThat(world.within(World.MINUTE, () -> !from.received("GRANTED_RES").isEmpty()))
                .isTrue();
        StatusReply reply = (StatusReply) from.received("GRANTED_RES").get(0).content();
        assertThat(reply.cookie()).isEqualTo(cookie);
        return reply.status();
    }

    @Test
    void grantByMessageIsAnsweredWithTheVerdictOfTheProcess() {
        first.expectGrant();
        assertThat(grantByMessage(server)).isEqualTo(NlmStatus.GRANTED);
        assertThat(first.received).hasSize(1);
        assertThat(second.received).isEmpty();
    }

    @Test
    void grantByMessageForWhichNobodyWaitsIsDenied() {
        first.expectGrant();
        assertThat(grantByMessage(stranger)).as("of another server").isEqualTo(NlmStatus.DENIED);
        assertThat(first.received).isEmpty();
    }

    @Test
    void grantIsDeniedWhenTheConnectionDiesBeforeTheVerdict() {
        first.verdict = new CompletableFuture<>();
        first.expectGrant();
        CompletableFuture<StatusReply> answer =
                server.client.call(
                        server.target(),
                        V4.granted().call(),
                        new TestArgs(server.cookie(), true, lock),
                        CallOptions.DEFAULT);
        world.settle();
        assertThat(first.received).hasSize(1);
        assertThat(answer).isNotDone();

        first.connection.close();

        assertThat(world.within(host.limits.verdict().plus(Duration.ofSeconds(1)), answer::isDone))
                .isTrue();
        assertThat(answer.join().status()).isEqualTo(NlmStatus.DENIED);
        assertThat(host.relay.expectations()).isZero();
    }
}
