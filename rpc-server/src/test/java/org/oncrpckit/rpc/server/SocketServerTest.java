package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.Transport;

/** What only real sockets show. */
class SocketServerTest {
    private final Echo echo = new Echo();
    private SocketServer sockets;

    @BeforeEach
    void open() throws IOException {
        sockets = new SocketServer(echo.builder().access(AccessRule.loopbackOnly()).build());
    }

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    @ParameterizedTest
    @EnumSource
    void duplicatesAreAnsweredFromMemory(Transport transport) throws IOException {
        byte[] call = SimulatedServer.call(7, Echo.ECHO, "once");
        try (RawCaller caller = sockets.caller(transport)) {
            String first = caller.answer(call);
            assertThat(caller.answer(call)).isEqualTo(first).hasSize(2 * 32);
        }
        assertThat(echo.executed).containsExactly("once");
    }

    @Test
    void unixConnectionsAreDifferentCallers() throws IOException {
        byte[] call = SimulatedServer.call(7, Echo.ECHO, "each");
        for (int i = 0; i < 3; i++) {
            try (RawCaller caller = sockets.caller(Transport.UNIX)) {
                caller.answer(call);
            }
        }
        assertThat(echo.executed).hasSize(3);
    }

    @Test
    void handlersSeeThePeerCredentialOfAUnixSocket() throws IOException {
        List<String> users = new CopyOnWriteArrayList<>();
        echo.hook =
                (call, argument) -> {
                    call.endpoint()
                            .peerCredential()
                            .ifPresent(peer -> users.add(peer.user().getName()));
                    return argument;
                };
        try (RawCaller caller = sockets.caller(Transport.UNIX)) {
            caller.answer(SimulatedServer.call(7, Echo.HOOK, 1));
        }
        assertThat(users).containsExactly(System.getProperty("user.name"));
    }

    @Test
    void stopAnswersWhatHasBegunThenCloses() throws Exception {
        try (RawCaller.Stream caller = sockets.stream(Transport.TCP)) {
            caller.send(SimulatedServer.call(7, Echo.LATER, "slow"));
            await().until(() -> echo.later.size() == 1);

            CompletableFuture<Void> stopped =
                    sockets.server.stopAsync(Duration.ofSeconds(30)).toCompletableFuture();
            assertThat(stopped).isNotDone();
            echo.later.get(0).complete("x".repeat(1000));
            sockets.server.stop(Duration.ofSeconds(30));

            assertThat(caller.receive()).hasSize(24 + 4 + 1000);
            assertThatThrownBy(caller::receive).isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> sockets.stream(Transport.TCP)).isInstanceOf(IOException.class);
    }

    @Test
    void manyCallersOverAllTransportsGetTheirOwnReplies() throws Exception {
        try (RpcClient client = RpcClient.builder(sockets.sockets.platform()).build()) {
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                for (Transport transport : Transport.values()) {
                    RpcTarget target = new RpcTarget(transport, sockets.address(transport), null);
                    replies.add(client.call(target, Echo.QUERY, "call " + i, CallOptions.DEFAULT));
                }
            }
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get()).isEqualTo("call " + i / 3);
            }
        }
    }

    /** libtirpc's own tool calls procedure 0 of the versions that the server says it has. */
    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void rpcinfoFindsTheProgram(Transport transport) throws Exception {
        Assumptions.assumeTrue(
                new File("/usr/sbin/rpcinfo").canExecute(), "rpcinfo is not installed");
        int port = sockets.port(transport);
        Process rpcinfo =
                new ProcessBuilder(
                                "/usr/sbin/rpcinfo",
                                "-a",
                                "127.0.0.1." + (port >> 8) + "." + (port & 0xff),
                                "-T",
                                transport.name().toLowerCase(Locale.ROOT),
                                Integer.toString(Echo.NUMBER))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(rpcinfo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        rpcinfo.waitFor();

        assertThat(output)
                .contains("program " + Echo.NUMBER + " version 1 ready and waiting")
                .contains("program " + Echo.NUMBER + " version 2 is not available")
                .contains("program " + Echo.NUMBER + " version 3 ready and waiting");
    }

    @Test
    void bytesOfARecordAreThoseOfADatagram() throws IOException {
        byte[] call = SimulatedServer.call(7, Echo.QUERY, "same");
        List<String> answers = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            try (RawCaller caller = sockets.caller(transport)) {
                caller.send(call);
                answers.add(HexFormat.of().formatHex(caller.receive()));
            }
        }
        assertThat(answers).hasSize(3).containsOnly(answers.get(0));
    }
}
