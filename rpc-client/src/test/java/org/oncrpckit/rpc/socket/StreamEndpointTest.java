package org.oncrpckit.rpc.socket;

import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.RecordMark;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.EndpointStatistics;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Transport;

/** The connection itself: what it writes when, and what it waits for. No socket, no thread. */
class StreamEndpointTest {
    private static final InetSocketAddress PEER =
            new InetSocketAddress(Messages.address("10.0.0.2"), 2049);
    private static final Duration IDLE = Duration.ofMinutes(6);
    private static final Duration STALL = Duration.ofMinutes(1);
    private static final int QUEUE_BYTES_MAX = 10_000;

    private final VirtualTime time = new VirtualTime();
    private final ScriptedChannel channel = new ScriptedChannel();
    private final List<ByteBuffer> received = new ArrayList<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private StreamEndpoint endpoint;

    private final IoLoop.Watch watch =
            new IoLoop.Watch() {
                @Override
                public boolean isIoThread() {
                    return true;
                }

                @Override
                public void refresh() {}

                @Override
                public void execute(Runnable task) {
                    tasks.add(task);
                }

                @Override
                public void handOver(IoLoop.Watched next) {}

                @Override
                public void release() {
                    try {
                        channel.close();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }

                @Override
                public void releaseAndWait() {
                    release();
                }
            };

    @BeforeEach
    void open() {
        endpoint = open(SocketLimits.DEFAULT.withWriteQueueBytesMax(QUEUE_BYTES_MAX));
    }

    private StreamEndpoint open(SocketLimits limits) {
        StreamEndpoint opened =
                new StreamEndpoint(
                        channel,
                        new StreamAddresses(Transport.TCP, PEER, PEER, Optional.empty()),
                        new Patience(IDLE, STALL),
                        new StreamSettings(limits, time, new ChunkPool()),
                        ready -> {});
        opened.watched(watch);
        return opened;
    }

    @Test
    void nothingIsReadBeforeSomebodyIsThereToReceive() {
        assertThat(endpoint.interest()).isZero();

        endpoint.receiveCalls((on, from, message) -> {});

        assertThat(endpoint.interest()).isEqualTo(OP_READ);
    }

    @Test
    void repliesToOneReadLeaveInOneWrite() {
        endpoint.receiveCalls((on, from, message) -> on.send(from, Messages.reply(1, 24)));
        arrive(records(10, 40));

        endpoint.ready(OP_READ);

        assertThat(channel.writes).hasSize(1);
        assertThat(channel.writes.get(0)).hasSize(10 * (RecordMark.BYTES + 24));
        assertThat(endpoint.statistics()).isEqualTo(new EndpointStatistics(10, 0, 0, 0, 10, 0, 0));
    }

    @Test
    void repliesToOneReadThatExceedTheQueueLeaveInSeveralWrites() {
        endpoint.receiveCalls((on, from, message) -> on.send(from, Messages.reply(1, 1000)));
        arrive(records(200, 40));

        endpoint.ready(OP_READ);

        assertThat(endpoint.statistics().sent()).isEqualTo(200);
        assertThat(endpoint.statistics().notSent()).isZero();
        assertThat(written()).hasSize(200 * (RecordMark.BYTES + 1000));
    }

    @Test
    void sendOutsideOfAReadIsWrittenAtOnce() {
        endpoint.send(PEER, Messages.call(1, 40));
        endpoint.send(PEER, Messages.call(2, 40));

        assertThat(channel.writes).hasSize(2);
    }

    @Test
    void fullSocketIsWrittenToAgainWhenThereIsRoom() {
        channel.room = 100;
        List<ByteBuffer> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ByteBuffer message = Messages.call(i, 1000);
            assertThat(endpoint.send(PEER, message)).isEqualTo(SendOutcome.SENT);
            sent.add(message);
        }
        assertThat(endpoint.send(PEER, Messages.call(10, 1000))).isEqualTo(SendOutcome.CONGESTED);
        assertThat(endpoint.interest()).isEqualTo(OP_READ | OP_WRITE);
        assertThat(channel.writes).hasSize(1);

        for (int i = 0; i < 3; i++) {
            channel.room = 2500;
            endpoint.ready(OP_WRITE);
            assertThat(endpoint.interest()).isEqualTo(OP_READ | OP_WRITE);
        }
        channel.room = 10_000;
        endpoint.ready(OP_WRITE);

        assertThat(endpoint.interest()).isEqualTo(OP_READ);
        assertThat(written()).isEqualTo(stream(sent));
        assertThat(endpoint.send(PEER, Messages.call(9, 1000))).isEqualTo(SendOutcome.SENT);
        assertThat(endpoint.statistics().notSent()).isOne();
    }

    @Test
    void congestionStartsExactlyAtTheLimit() {
        channel.room = 0;

        assertThat(endpoint.send(PEER, Messages.call(1, QUEUE_BYTES_MAX - RecordMark.BYTES + 1)))
                .isEqualTo(SendOutcome.REFUSED);
        assertThat(endpoint.send(PEER, Messages.call(1, QUEUE_BYTES_MAX - RecordMark.BYTES)))
                .isEqualTo(SendOutcome.SENT);
        assertThat(endpoint.send(PEER, ByteBuffer.allocate(0))).isEqualTo(SendOutcome.CONGESTED);
    }

    @Test
    void recordThatComesByteByByteArrivesWhole() {
        collect();
        ByteBuffer stream = ByteBuffer.wrap(stream(List.of(Messages.call(7, 300))));
        while (stream.hasRemaining()) {
            arrive(new byte[] {stream.get()});
            endpoint.ready(OP_READ);
        }

        assertThat(received).containsExactly(Messages.call(7, 300));
    }

    @Test
    void brokenRuleClosesAfterTheRepliesToWhatWasGood() {
        endpoint.receiveCalls((on, from, message) -> on.send(from, Messages.reply(1, 24)));
        byte[] good = records(3, 40);
        byte[] endless = {0x7f, -1, -1, -1, 1, 2, 3, 4};
        arrive(ByteBuffer.allocate(good.length + endless.length).put(good).put(endless).array());

        endpoint.ready(OP_READ);

        assertThat(written()).hasSize(3 * (RecordMark.BYTES + 24));
        assertClosed(CloseReason.PROTOCOL);
        assertThat(endpoint.statistics().malformed()).isOne();
    }

    @Test
    void peerThatEndsItsSideStillGetsItsReplies() {
        endpoint.receiveCalls((on, from, message) -> on.send(from, Messages.reply(1, 1000)));
        channel.room = 500;
        arrive(records(2, 40));
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        endpoint.ready(OP_READ);
        assertThat(endpoint.interest()).isEqualTo(OP_WRITE);

        channel.room = 10_000;
        endpoint.ready(OP_WRITE);

        assertThat(written()).hasSize(2 * (RecordMark.BYTES + 1000));
        assertClosed(CloseReason.PEER);
    }

    @Test
    void peerThatEndsItsSideGetsAnswersThatComeLater() {
        collect();
        endpoint.beginAnswer();
        endpoint.beginAnswer();
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        assertThat(endpoint.interest()).isZero();

        endpoint.send(PEER, Messages.reply(1, 1000));
        endpoint.endAnswer();
        assertThat(channel.isOpen()).isTrue();

        channel.room = 500;
        endpoint.send(PEER, Messages.reply(2, 1000));
        endpoint.endAnswer();
        assertThat(channel.isOpen()).isTrue();

        channel.room = 10_000;
        endpoint.ready(OP_WRITE);
        assertThat(written()).hasSize(2 * (RecordMark.BYTES + 1000));
        assertClosed(CloseReason.PEER);
    }

    @Test
    void answersThatAreLateAreNotWaitedForWithoutEnd() {
        collect();
        endpoint.beginAnswer();
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        time.advance(StreamEndpoint.HALF_CLOSED_LIMIT.minusMillis(100));
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofMillis(100));
        assertClosed(CloseReason.PEER);
        endpoint.endAnswer();
    }

    @Test
    void answersThatHaveEndedKeepNothingOpen() {
        collect();
        endpoint.endAnswer(); // Its end may overtake its beginning.
        endpoint.beginAnswer();
        assertThat(channel.isOpen()).isTrue();
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        assertClosed(CloseReason.PEER);
    }

    @Test
    void peerThatEndsItsSideAndDoesNotReadIsGivenUp() {
        channel.room = 0;
        endpoint.send(PEER, Messages.call(1, 1000));
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        assertThat(channel.isOpen()).isTrue();

        time.advance(StreamEndpoint.HALF_CLOSED_LIMIT);

        assertClosed(CloseReason.PEER);
    }

    @Test
    void streamThatEndsWithinARecordCountsAsMalformed() {
        collect();
        arrive(new byte[] {-128, 0, 0, 40, 1, 2, 3});
        channel.inputEnded = true;
        endpoint.ready(OP_READ);
        endpoint.ready(OP_READ);

        assertClosed(CloseReason.PEER);
        assertThat(endpoint.statistics().malformed()).isOne();
    }

    @Test
    void writeThatRunsOutOfMemoryEndsTheConnectionAndNothingElse() {
        channel.memoryGone = true;

        endpoint.send(PEER, Messages.call(1, 40));

        assertClosed(CloseReason.FAILURE);
        assertThat(endpoint.send(PEER, Messages.call(2, 40))).isEqualTo(SendOutcome.CLOSED);
    }

    @Test
    void brokenPipeIsThePeersDoing() {
        channel.peerGone = true;

        endpoint.send(PEER, Messages.call(1, 40));

        assertClosed(CloseReason.PEER);
        assertThat(endpoint.send(PEER, Messages.call(2, 40))).isEqualTo(SendOutcome.CLOSED);
    }

    @Test
    void connectionWithoutMessagesIsClosedAfterTheIdleTime() {
        collect();
        time.advance(IDLE.minusSeconds(1));
        arrive(records(1, 40));
        endpoint.ready(OP_READ);
        time.advance(IDLE.minusSeconds(1));
        endpoint.send(PEER, Messages.call(1, 40));
        time.advance(IDLE.minusNanos(1));
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofNanos(1));

        assertClosed(CloseReason.IDLE);
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void bytesThatMakeNoRecordDoNotCountAsActivity() {
        collect();
        arrive(new byte[] {-128, 0, 1, 0});
        endpoint.ready(OP_READ);
        for (int i = 0; i < 100 && channel.isOpen(); i++) {
            time.advance(Duration.ofMinutes(1));
            arrive(new byte[] {1});
            endpoint.ready(OP_READ);
        }

        assertClosed(CloseReason.IDLE);
        assertThat(received).isEmpty();
    }

    @Test
    void receiverThatSuspendsReadingGetsNoFurtherRecordUntilItResumes() {
        endpoint.receiveCalls(
                (on, from, message) -> {
                    received.add(Messages.copy(message));
                    on.suspendReading();
                });
        arrive(records(3, 40));
        endpoint.ready(OP_READ);
        arrive(records(1, 80));
        assertThat(received).hasSize(1);
        assertThat(endpoint.interest()).isZero();

        for (int delivered = 2; delivered <= 4; delivered++) {
            endpoint.resumeReading();
            assertThat(received).as("within resumeReading").hasSize(delivered - 1);
            // A selection that began before may still say that there is something to read.
            endpoint.ready(OP_READ);
            tasks.remove().run();
            if (endpoint.interest() == OP_READ) {
                endpoint.ready(OP_READ);
            }
            assertThat(received).hasSize(delivered);
        }

        assertThat(received.get(2)).isEqualTo(Messages.call(2, 40));
        assertThat(received.get(3)).isEqualTo(Messages.call(0, 80));
    }

    @Test
    void whatWasLeftUnreadIsThrownAwayWhenTheConnectionEnds() {
        endpoint.receiveCalls(
                (on, from, message) -> {
                    received.add(Messages.copy(message));
                    on.suspendReading();
                });
        arrive(records(3, 40));
        endpoint.ready(OP_READ);
        endpoint.closeAfterWriting();
        channel.inputEnded = true;
        for (int i = 0; i < 2; i++) {
            assertThat(endpoint.interest()).isEqualTo(OP_READ);
            endpoint.ready(OP_READ);
        }

        assertThat(received).hasSize(1);
        assertClosed(CloseReason.LOCAL);
    }

    @Test
    void closeAfterWritingGivesUpAPeerThatDoesNotRead() {
        channel.room = 0;
        endpoint.send(PEER, Messages.reply(1, 1000));
        endpoint.closeAfterWriting();
        assertThat(endpoint.send(PEER, Messages.reply(2, 8))).isEqualTo(SendOutcome.CLOSED);
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofNanos(1));

        assertClosed(CloseReason.LOCAL);
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void closeAfterWritingGivesUpAPeerThatDoesNotClose() {
        collect();
        endpoint.send(PEER, Messages.reply(1, 1000));
        endpoint.closeAfterWriting();
        arrive(records(1, 40));
        endpoint.ready(OP_READ);
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofSeconds(10));

        assertClosed(CloseReason.LOCAL);
        assertThat(received).as("what came after the close was asked for").isEmpty();
    }

    @Test
    void beginningOfARecordIsToldUntilItIsWholeOrTheConnectionEnds() {
        collect();
        List<Integer> told = new ArrayList<>();
        endpoint.onBacklogChange(() -> told.add(endpoint.gatheredBytes()));
        ByteBuffer stream = ByteBuffer.wrap(records(2, 1000));
        arrive(bytesOf(stream, 300));
        endpoint.ready(OP_READ);
        int beginning = endpoint.gatheredBytes();
        assertThat(beginning).isBetween(300, 1000);

        arrive(bytesOf(stream, 900));
        endpoint.ready(OP_READ);
        assertThat(received).hasSize(1);
        assertThat(endpoint.gatheredBytes()).as("of the second record").isPositive();
        endpoint.close();

        assertThat(endpoint.gatheredBytes()).isZero();
        assertThat(told).hasSizeGreaterThanOrEqualTo(2).startsWith(beginning).endsWith(0);
    }

    private static byte[] bytesOf(ByteBuffer stream, int count) {
        byte[] bytes = new byte[count];
        stream.get(bytes);
        return bytes;
    }

    @Test
    void backlogIsToldFromTheFullSocketToTheEmptyQueue() {
        List<Integer> told = new ArrayList<>();
        endpoint.onBacklogChange(() -> told.add(endpoint.backlogBytes()));
        endpoint.send(PEER, Messages.call(0, 996));
        assertThat(told).as("while the socket takes everything").isEmpty();

        channel.room = 400;
        endpoint.send(PEER, Messages.call(1, 996));
        endpoint.send(PEER, Messages.call(2, 996));
        assertThat(endpoint.send(PEER, Messages.call(3, 9_000))).isEqualTo(SendOutcome.CONGESTED);
        channel.room = 700;
        endpoint.ready(OP_WRITE);
        channel.room = 10_000;
        endpoint.ready(OP_WRITE);
        endpoint.close();

        assertThat(told).containsExactly(600, 1600, 1600, 900, 0, 0);
    }

    @Test
    void peerThatTakesNothingIsClosedAfterTheStallLimit() {
        collect();
        channel.room = 100;
        endpoint.send(PEER, Messages.call(1, 1000));
        for (int i = 0; i < 5; i++) {
            time.advance(STALL.minusNanos(1));
            channel.room = 1;
            endpoint.ready(OP_WRITE);
        }
        assertThat(channel.isOpen()).isTrue();
        time.advance(STALL.minusNanos(1));
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofNanos(1));

        assertClosed(CloseReason.STALLED);
        assertThat(endpoint.backlogBytes()).isZero();
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void socketThatFillsUpAgainHasTheWholeStallLimit() {
        collect();
        channel.room = 100;
        endpoint.send(PEER, Messages.call(1, 1000));
        channel.room = 10_000;
        endpoint.ready(OP_WRITE);
        time.advance(STALL.minusSeconds(1));
        channel.room = 0;
        endpoint.send(PEER, Messages.call(2, 1000));
        time.advance(STALL.minusSeconds(1));
        assertThat(channel.isOpen()).isTrue();

        time.advance(Duration.ofSeconds(1));

        assertClosed(CloseReason.STALLED);
    }

    private void collect() {
        endpoint.receiveCalls((on, from, message) -> received.add(Messages.copy(message)));
    }

    private void arrive(byte[] bytes) {
        channel.toRead.add(ByteBuffer.wrap(bytes));
    }

    private static byte[] records(int count, int bytes) {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(Messages.call(i, bytes));
        }
        return stream(messages);
    }

    private static byte[] stream(List<ByteBuffer> messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer message : messages) {
            int mark = new RecordMark(true, message.remaining()).word();
            out.writeBytes(ByteBuffer.allocate(RecordMark.BYTES).putInt(mark).array());
            byte[] bytes = new byte[message.remaining()];
            message.get(message.position(), bytes);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private byte[] written() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        channel.writes.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private void assertClosed(CloseReason reason) {
        assertThat(endpoint.closed().toCompletableFuture()).isCompletedWithValue(reason);
        assertThat(channel.isOpen()).isFalse();
    }
}
