package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;

/** Peers that end their sending side before they have their answers. */
class HalfClosedTest {
    /** A record's mark without the record: with it, who counts can tell that the end was read. */
    private static final byte[] TORN = {-128, 0, 0, 40};

    private final BlockingQueue<AsyncCall<String>> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Endpoint> executing = new LinkedBlockingQueue<>();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private final RpcProgram later =
            RpcProgram.builder(Echo.NUMBER, "later")
                    .asynchronous(Echo.LATER, (call, text) -> asked.add(call))
                    .build();

    private final RpcProgram slow =
            RpcProgram.builder(Echo.NUMBER, "slow")
                    .placement(new HandlerPlacement.Workers(1, 16))
                    .idempotent(
                            Echo.QUERY,
                            (call, text) -> {
                                executing.add(call.endpoint());
                                mayAnswer.await();
                                return text;
                            })
                    .build();

    @Test
    void answersThatComeLaterAreSent() throws Exception {
        try (SocketServer sockets = new SocketServer(later);
                RawCaller.Stream caller = sockets.stream(Transport.TCP)) {
            caller.send(SimulatedServer.call(7, Echo.LATER, "first"));
            caller.send(SimulatedServer.call(8, Echo.LATER, "second"));
            AsyncCall<String> first = asked.take();
            AsyncCall<String> second = asked.take();
            end(caller, first.endpoint());

            assertThat(second.answer("second")).isTrue();
            assertThat(xid(caller.receive())).isEqualTo(8);
            assertThat(first.answer("first")).isTrue();
            assertThat(xid(caller.receive())).isEqualTo(7);
            assertThatThrownBy(caller::receive).isInstanceOf(EOFException.class);
            assertThat(first.endpoint().closed().toCompletableFuture().get())
                    .isEqualTo(CloseReason.PEER);
        }
    }

    @Test
    void callsThatWaitForAWorkerAreAnsweredToo() throws Exception {
        try (SocketServer sockets = new SocketServer(slow);
                RawCaller.Stream caller = sockets.stream(Transport.TCP)) {
            for (int xid = 1; xid <= 3; xid++) {
                caller.send(SimulatedServer.call(xid, Echo.QUERY, "slow"));
            }
            end(caller, executing.take());
            mayAnswer.countDown();
            for (int xid = 1; xid <= 3; xid++) {
                assertThat(xid(caller.receive())).isEqualTo(xid);
            }
            assertThatThrownBy(caller::receive).isInstanceOf(EOFException.class);
        }
    }

    /** A process that was killed looks the same, and what it waited for may be given to others. */
    @Test
    void connectionWithinTheHostEndsWithItsPeer() throws Exception {
        try (SocketServer sockets = new SocketServer(later);
                RawCaller.Stream caller = sockets.stream(Transport.UNIX)) {
            caller.send(SimulatedServer.call(7, Echo.LATER, "for ever"));
            Endpoint endpoint = asked.take().endpoint();
            caller.endOutput();
            assertThat(endpoint.closed().toCompletableFuture().get()).isEqualTo(CloseReason.PEER);
        }
    }

    /** Until the server has read it. */
    private static void end(RawCaller.Stream caller, Endpoint endpoint) throws IOException {
        caller.write(TORN);
        caller.endOutput();
        await().until(() -> endpoint.statistics().malformed() == 1);
    }

    private static int xid(byte[] reply) {
        return ByteBuffer.wrap(reply).getInt();
    }
}
