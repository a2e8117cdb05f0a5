package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.transport.Transport;

/** Peers that send most of a long record and keep the rest to themselves. */
class HalfSentRecordsTest {
    private static final int RECORD_BYTES = 1 << 20;
    private static final int SENT_BYTES = RECORD_BYTES - RECORD_BYTES / 100;
    private static final ByteLimits BYTES =
            new ByteLimits(256 << 10, 64 << 10, 2L << 20, 64L << 20);

    private final Echo echo = new Echo();
    private final Teardown opened = new Teardown();

    @AfterEach
    void close() {
        opened.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UNIX"})
    void whatHasComeCountsUntilTheRecordIsWhole(Transport transport) throws IOException {
        SocketServer sockets = server();
        RawCaller.Stream caller = open(sockets.stream(transport));

        caller.write(beginning());
        await().until(() -> bytesWaiting(sockets) >= SENT_BYTES);
        assertThat(bytesWaiting(sockets)).isLessThanOrEqualTo(RECORD_BYTES);

        caller.write(new byte[RECORD_BYTES - SENT_BYTES]);
        await().until(() -> bytesWaiting(sockets) == 0);
        caller.probe();

        caller.write(beginning());
        await().until(() -> bytesWaiting(sockets) >= SENT_BYTES);
        caller.close();
        await().until(() -> bytesWaiting(sockets) == 0);
    }

    @Test
    void aHostThatHoldsBackTheEndsOfManyRecordsLosesConnections() throws IOException {
        SocketServer sockets = server();
        int connections = 16 * (int) (BYTES.perHostMax() / RECORD_BYTES);
        RawCaller bystander = open(sockets.caller(Transport.UDP));

        for (int i = 0; i < connections; i++) {
            try {
                open(sockets.stream(Transport.TCP)).write(beginning());
            } catch (IOException e) {
                // Closed while it was sending.
            }
            // Each I/O thread may be about to close the connection that goes over the limit.
            assertThat(bytesWaiting(sockets))
                    .isLessThanOrEqualTo(2 * BYTES.perHostMax() + 8 * RECORD_BYTES);
        }

        await().until(() -> sockets.server.statistics().slowReadersClosed() >= 1);
        assertThat(sockets.server.statistics().connections()).isLessThan(connections);
        bystander.probe();
    }

    private static long bytesWaiting(SocketServer sockets) {
        return sockets.server.statistics().bytesWaiting();
    }

    /** A mark of a record of zeros, and all of them but the last. */
    private static byte[] beginning() {
        return ByteBuffer.allocate(Integer.BYTES + SENT_BYTES)
                .putInt(1 << 31 | RECORD_BYTES)
                .array();
    }

    private SocketServer server() throws IOException {
        return open(
                new SocketServer(
                        builder ->
                                builder.program(echo.program())
                                        .limits(ServerLimits.DEFAULT.withBytes(BYTES))));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}
