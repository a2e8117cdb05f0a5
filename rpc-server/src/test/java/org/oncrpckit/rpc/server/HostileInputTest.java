package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** Bytes that no client sends, against a running server over real sockets. */
class HostileInputTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** Far more than any message of these tests has a right to. */
    private static final long BYTES_PER_MESSAGE_MAX = 64 << 10;

    /** Offsets in a call with an AUTH_SYS body of 32 bytes. */
    private static final int PROCEDURE = 20;

    private static final int CREDENTIAL_LENGTH = 28;
    private static final int VERIFIER_LENGTH = 68;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Echo echo = new Echo();
    private SocketServer sockets;

    @BeforeEach
    void open() throws IOException {
        System.out.println("seed " + SEED + " (set with -Dseed=)");
        echo.hook = (call, argument) -> argument;
        sockets = new SocketServer(echo.program());
        for (Transport transport : Transport.values()) {
            probe(transport);
        }
    }

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    @ParameterizedTest
    @EnumSource
    void randomBytesNeverStopTheServer(Transport transport) throws IOException {
        assertBounded(
                2_000,
                caller -> {
                    byte[] bytes = new byte[random.nextInt(200)];
                    random.nextBytes(bytes);
                    if (bytes.length >= 12 && random.nextBoolean()) {
                        // So that more than one in four billion is a call of RPC version 2.
                        ByteBuffer.wrap(bytes).putInt(4, 0).putInt(8, 2);
                    }
                    caller.send(bytes);
                },
                transport);
    }

    @ParameterizedTest
    @EnumSource
    void validCallsWithAnyWordReplacedGetAtMostOneReplyEach(Transport transport)
            throws IOException {
        byte[] valid =
                SimulatedServer.call(
                        9,
                        Echo.ECHO,
                        "some text",
                        new AuthSys(
                                        1,
                                        Opaque.copyOf("host".getBytes(StandardCharsets.US_ASCII)),
                                        2,
                                        3,
                                        List.of(4, 5))
                                .toOpaqueAuth());
        int[] words = {0, 1, 2, 3, 0x190, 0x191, 0xffff, 1 << 20, Integer.MAX_VALUE, 1 << 31, -1};
        try (RawCaller caller = sockets.caller(transport)) {
            long before = allocated();
            int sent = 0;
            for (int offset = 8; offset + 4 <= valid.length; offset += 4) {
                for (int word : words) {
                    byte[] bytes = valid.clone();
                    ByteBuffer.wrap(bytes).putInt(0, 0x5eed_0000 + sent).putInt(offset, word);
                    String answer = caller.answer(bytes);
                    String begin = "%08x00000001".formatted(0x5eed_0000 + sent);
                    if (answer.isEmpty()) {
                        // Cut short inside the header, or LATER, which the test never completes.
                        assertThat(offset).isIn(PROCEDURE, CREDENTIAL_LENGTH, VERIFIER_LENGTH);
                    } else {
                        assertThat(answer).startsWith(begin);
                        assertThat(answer.indexOf(begin, 1)).as("a second reply").isNegative();
                    }
                    sent++;
                }
            }
            assertThat((allocated() - before) / sent).isLessThan(BYTES_PER_MESSAGE_MAX);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UNIX"})
    void giganticRecordsCostTheirConnectionAndNoMemory(Transport transport) throws IOException {
        int[] marks = {Integer.MAX_VALUE, -1, (1 << 20) + 1, 1 << 31 | (1 << 20) + 1};
        long before = allocated();
        for (int mark : marks) {
            try (RawCaller.Stream caller = sockets.stream(transport)) {
                caller.write(ByteBuffer.allocate(8).putInt(mark).putInt(7).array());
                assertThat(caller.isClosedByServer()).as("mark %08x", mark).isTrue();
            }
        }
        assertThat((allocated() - before) / marks.length).isLessThan(BYTES_PER_MESSAGE_MAX);
        probe(transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UNIX"})
    void recordOfEndlessFragmentsEndsAtItsLimit(Transport transport) throws IOException {
        try (RawCaller.Stream caller = sockets.stream(transport)) {
            byte[] fragments = new byte[4 * 2_000];
            try {
                caller.write(fragments);
            } catch (IOException e) {
                assertThat(e).hasMessageMatching(".*(reset|pipe).*");
            }
            assertThat(caller.isClosedByServer()).isTrue();
        }
        probe(transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UNIX"})
    void callThatComesByteByByteDelaysNobody(Transport transport) throws IOException {
        byte[] call = SimulatedServer.call(7, Echo.ECHO, "slow");
        byte[] record =
                ByteBuffer.allocate(4 + call.length)
                        .putInt(call.length | 1 << 31)
                        .put(call)
                        .array();
        try (RawCaller.Stream slow = sockets.stream(transport);
                RawCaller other = sockets.caller(transport)) {
            for (byte each : record) {
                slow.write(new byte[] {each});
                other.probe();
            }
            assertThat(slow.receive()).hasSize(24 + 8);
        }
    }

    @Test
    void manyIdleAndHalfOpenConnectionsDelayNobody() throws IOException {
        List<RawCaller.Stream> idle = new ArrayList<>();
        try {
            // As many as the limit of one host lets in, and more.
            for (int i = 0; i < 400; i++) {
                RawCaller.Stream caller = sockets.stream(Transport.TCP);
                idle.add(caller);
                if (i % 2 == 0) {
                    tryWrite(caller, new byte[] {(byte) 0x80, 0, 1});
                }
            }
            await().until(() -> sockets.server.statistics().connectionsRefused() >= 144);
            assertThat(sockets.server.statistics().connections()).isLessThanOrEqualTo(256);
            probe(Transport.UDP);
            probe(Transport.UNIX);
        } finally {
            for (RawCaller.Stream each : idle) {
                each.close();
            }
        }
        await().until(() -> sockets.server.statistics().connections() <= 1);
        probe(Transport.TCP);
    }

    private interface Attack {
        void on(RawCaller caller) throws IOException;
    }

    /** Attacks again and again, on a new connection when it was closed, then asks for a reply. */
    private void assertBounded(int times, Attack attack, Transport transport) throws IOException {
        long before = allocated();
        RawCaller caller = sockets.caller(transport);
        for (int i = 0; i < times; i++) {
            try {
                attack.on(caller);
            } catch (IOException e) {
                caller.close();
                caller = sockets.caller(transport);
            }
        }
        caller.close();
        probe(transport);
        assertThat((allocated() - before) / times).isLessThan(BYTES_PER_MESSAGE_MAX);
    }

    private void probe(Transport transport) throws IOException {
        try (RawCaller caller = sockets.caller(transport)) {
            caller.probe();
        }
    }

    private static void tryWrite(RawCaller.Stream caller, byte[] bytes) {
        try {
            caller.write(bytes);
        } catch (IOException e) {
            // refused, as the limit wants it
        }
    }

    /** What all threads but this one have allocated so far. */
    private long allocated() {
        long[] ids =
                Arrays.stream(threads.getAllThreadIds())
                        .filter(id -> id != Thread.currentThread().getId())
                        .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids)).filter(n -> n > 0).sum();
    }
}
