package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** Handlers that block, for as long as the test likes, delay nobody but their own program. */
class BlockedHandlerTest {
    private static final int THREADS = 2;
    private static final Procedure<String, String> BLOCK = procedure(0x2000_0501, "BLOCK");
    private static final Procedure<String, String> OTHER = procedure(0x2000_0502, "OTHER");

    private final CountDownLatch blocked = new CountDownLatch(THREADS);
    private final CountDownLatch release = new CountDownLatch(1);

    @ParameterizedTest
    @EnumSource
    void otherProgramsAnswerWhileAllWorkersOfOneAreBlocked(Transport transport)
            throws IOException, InterruptedException {
        try (SocketServer sockets = server();
                RawCaller caller = sockets.caller(transport);
                RawCaller other = sockets.caller(transport)) {
            // As many as have threads, and some that wait for one.
            for (int xid = 0; xid < THREADS + 3; xid++) {
                caller.send(SimulatedServer.call(xid, BLOCK, "waits"));
            }
            assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();

            for (int xid = 100; xid < 200; xid++) {
                String inline = caller.answer(SimulatedServer.call(xid, Echo.QUERY, "inline"));
                assertThat(inline).startsWith("%08x".formatted(xid));
                other.send(SimulatedServer.call(xid, OTHER, "other"));
                assertThat(HexFormat.of().formatHex(other.receive()))
                        .startsWith("%08x".formatted(xid));
            }
            await().until(() -> sockets.server.statistics().callsInProgress() == THREADS + 3);

            release.countDown();
            for (int i = 0; i < THREADS + 3; i++) {
                assertThat(caller.receive()).hasSizeGreaterThan(24);
            }
            await().until(() -> sockets.server.statistics().callsInProgress() == 0);
        } finally {
            release.countDown();
        }
    }

    private SocketServer server() throws IOException {
        return new SocketServer(
                builder ->
                        builder.program(new Echo().program())
                                .program(
                                        program(
                                                BLOCK,
                                                (call, text) -> {
                                                    blocked.countDown();
                                                    release.await();
                                                    return text;
                                                }))
                                .program(program(OTHER, (call, text) -> text)));
    }

    private static RpcProgram program(
            Procedure<String, String> procedure, RpcHandler<String, String> handler) {
        return RpcProgram.builder(procedure.programVersion().program(), procedure.name())
                .placement(new HandlerPlacement.Workers(THREADS, 10))
                .procedure(procedure, handler)
                .build();
    }

    private static Procedure<String, String> procedure(int program, String name) {
        return new Procedure<>(
                new ProgramVersion(program, 1),
                1,
                name,
                XdrCodecs.string(100),
                XdrCodecs.string(100));
    }
}
