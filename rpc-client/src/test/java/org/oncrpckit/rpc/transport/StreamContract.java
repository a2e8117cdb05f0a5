package org.oncrpckit.rpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;

/** What every connection does, whatever carries it. */
public abstract class StreamContract {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int RECORD_BYTES_MAX = 1 << 20;

    protected TestWorld world;
    protected final List<Endpoint> accepted = new CopyOnWriteArrayList<>();
    private final List<ByteBuffer> calls = new CopyOnWriteArrayList<>();
    protected StreamListener listener;

    protected abstract TestWorld open() throws IOException;

    protected abstract Transport transport();

    @BeforeEach
    void listen() throws IOException {
        world = open();
        listener =
                world.server()
                        .listen(
                                world.serverAddress(),
                                endpoint -> {
                                    endpoint.receiveCalls(
                                            (on, from, message) ->
                                                    calls.add(Messages.copy(message)));
                                    accepted.add(endpoint);
                                });
    }

    @AfterEach
    void close() {
        world.close();
    }

    protected Endpoint connected() throws Exception {
        int before = accepted.size();
        CompletableFuture<Endpoint> future =
                world.client().connect(listener.localAddress(), null, LIMIT);
        world.await(() -> future.isDone() && accepted.size() > before);
        return future.get();
    }

    @Test
    void connectionThatCannotBeTakenOverIsClosed() throws Exception {
        listener.close();
        listener =
                world.server()
                        .listen(
                                world.serverAddress(),
                                endpoint -> {
                                    accepted.add(endpoint);
                                    throw new IllegalStateException("no place for it");
                                });
        Endpoint client = connected();
        client.receiveReplies((on, from, message) -> {});
        world.await(() -> client.closed().toCompletableFuture().isDone());
        assertThat(accepted.get(0).closed().toCompletableFuture()).isCompleted();
    }

    @Test
    void describesItself() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);

        assertThat(listener.transport()).isEqualTo(transport());
        assertThat(client.transport()).isEqualTo(transport());
        assertThat(server.transport()).isEqualTo(transport());
        assertThat(client.peer()).contains(listener.localAddress());
        assertThat(server.localAddress()).isEqualTo(listener.localAddress());
        assertThat(server.peer()).contains(client.localAddress());
        assertThat(server.peerCredential().isPresent()).isEqualTo(transport() == Transport.UNIX);
    }

    @Test
    void callsAndRepliesGoBothWays() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);
        List<ByteBuffer> clientCalls = Messages.collectCalls(client);
        List<ByteBuffer> clientReplies = Messages.collectReplies(client);

        client.send(listener.localAddress(), Messages.call(1, 40));
        server.send(client.localAddress(), Messages.reply(1, 24));
        server.send(client.localAddress(), Messages.call(2, 48));
        world.await(
                () -> calls.size() == 1 && clientReplies.size() == 1 && clientCalls.size() == 1);

        assertThat(calls).containsExactly(Messages.call(1, 40));
        assertThat(clientReplies).containsExactly(Messages.reply(1, 24));
        assertThat(clientCalls).containsExactly(Messages.call(2, 48));
        assertThat(client.statistics()).isEqualTo(new EndpointStatistics(1, 1, 0, 0, 1, 0, 0));
        assertThat(server.statistics()).isEqualTo(new EndpointStatistics(1, 0, 0, 0, 2, 0, 0));
    }

    @Test
    void messagesOfAllSizesArriveInOrder() throws Exception {
        Endpoint client = connected();
        List<ByteBuffer> sent =
                IntStream.range(0, 300)
                        .mapToObj(i -> Messages.call(i, 8 + (i * 37) % 5000))
                        .toList();

        sent.forEach(message -> client.send(listener.localAddress(), message));
        world.await(() -> calls.size() == sent.size());

        assertThat(calls).isEqualTo(sent);
    }

    @Test
    void longestRecordArrivesAndALongerOneEndsTheConnection() throws Exception {
        Endpoint client = connected();

        client.send(listener.localAddress(), Messages.call(1, RECORD_BYTES_MAX));
        world.await(() -> calls.size() == 1);
        assertThat(calls).containsExactly(Messages.call(1, RECORD_BYTES_MAX));

        client.send(listener.localAddress(), Messages.call(2, RECORD_BYTES_MAX + 1));
        awaitClosed(accepted.get(0), CloseReason.PROTOCOL);
        awaitClosed(client, CloseReason.PEER);
        assertThat(calls).hasSize(1);
    }

    @Test
    void peerThatDoesNotReadCostsABoundedQueue() throws Exception {
        Endpoint client = connected();
        accepted.get(0).suspendReading();
        ByteBuffer message = Messages.call(1, 100_000);

        int sent = 0;
        SendOutcome outcome;
        while ((outcome = client.send(listener.localAddress(), message)) == SendOutcome.SENT) {
            sent++;
            assertThat(sent).as("messages of 100 kB").isLessThan(1000);
        }

        assertThat(outcome).isEqualTo(SendOutcome.CONGESTED);
        assertThat(client.statistics().sent()).isEqualTo(sent);
        assertThat(client.statistics().notSent()).isOne();
        accepted.get(0).resumeReading();
        int all = sent;
        world.await(() -> calls.size() == all);
        assertThat(client.send(listener.localAddress(), message)).isEqualTo(SendOutcome.SENT);
        world.await(() -> calls.size() == all + 1);
        assertThat(calls).containsOnly(message);
    }

    @Test
    void backlogIsToldWhileThePeerDoesNotReadAndWhenItHasReadAll() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);
        List<Integer> told = new CopyOnWriteArrayList<>();
        client.onBacklogChange(() -> told.add(client.backlogBytes()));
        ByteBuffer message = Messages.call(1, 100_000);
        client.send(listener.localAddress(), message);
        world.await(() -> calls.size() == 1);
        assertThat(client.backlogBytes()).isZero();

        server.suspendReading();
        int sent = 1;
        while (client.send(listener.localAddress(), message) == SendOutcome.SENT) {
            sent++;
        }
        world.await(() -> told.stream().anyMatch(bytes -> bytes > message.remaining()));
        assertThat(client.backlogBytes()).isPositive();

        server.resumeReading();
        int all = sent;
        world.await(() -> calls.size() == all && client.backlogBytes() == 0);
        world.await(() -> told.get(told.size() - 1) == 0);
    }

    @Test
    void backlogOfAClosedConnectionIsNothing() throws Exception {
        Endpoint client = connected();
        accepted.get(0).suspendReading();
        List<Integer> told = new CopyOnWriteArrayList<>();
        client.onBacklogChange(() -> told.add(client.backlogBytes()));
        while (client.send(listener.localAddress(), Messages.call(1, 100_000))
                == SendOutcome.SENT) {}

        client.close();

        assertThat(client.backlogBytes()).isZero();
        world.await(() -> !told.isEmpty() && told.get(told.size() - 1) == 0);
    }

    @Test
    void secondReceiverAndSecondListenerOfTheBacklogAreRefused() throws Exception {
        Endpoint client = connected();
        Messages.collectCalls(client);
        Messages.collectReplies(client);
        client.onBacklogChange(() -> {});

        assertThatIllegalStateException()
                .isThrownBy(() -> Messages.collectCalls(client))
                .withMessageContaining("calls");
        assertThatIllegalStateException()
                .isThrownBy(() -> Messages.collectReplies(client))
                .withMessageContaining("replies");
        assertThatIllegalStateException().isThrownBy(() -> client.onBacklogChange(() -> {}));
    }

    @Test
    void sendTakesPositionToLimitAndLeavesThem() throws Exception {
        Endpoint client = connected();
        ByteBuffer message = Messages.call(3, 60);
        ByteBuffer inside = ByteBuffer.allocateDirect(100).position(20);
        inside.put(message.duplicate()).position(20).limit(80);

        client.send(listener.localAddress(), inside);
        client.send(listener.localAddress(), inside.asReadOnlyBuffer());
        world.await(() -> calls.size() == 2);

        assertThat(inside.position()).isEqualTo(20);
        assertThat(inside.limit()).isEqualTo(80);
        assertThat(calls).containsOnly(message);
    }

    @Test
    void threadThatIsInterruptedMaySend() throws Exception {
        Endpoint client = connected();

        Thread.currentThread().interrupt();
        SendOutcome outcome = client.send(listener.localAddress(), Messages.call(1, 8));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isEqualTo(SendOutcome.SENT);
        world.await(() -> calls.size() == 1);
        assertThat(client.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void receiverThatThrowsIsCountedAndTheNextMessageArrives() throws Exception {
        Endpoint client = connected();
        List<Integer> xids = new CopyOnWriteArrayList<>();
        client.receiveCalls(
                (endpoint, from, message) -> {
                    int xid = message.getInt();
                    if (xid == 1) {
                        throw new IllegalStateException("expected in the log of this test");
                    }
                    xids.add(xid);
                });

        accepted.get(0).send(client.localAddress(), Messages.call(1, 8));
        accepted.get(0).send(client.localAddress(), Messages.call(2, 8));
        world.await(() -> xids.size() == 1);

        assertThat(xids).containsExactly(2);
        assertThat(client.statistics().receiverFailures()).isOne();
        assertThat(client.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void endOfAConnectionIsNotSeenBeforeSomebodyIsThereToReceive() throws Exception {
        Endpoint client = connected();
        accepted.get(0).close();
        world.settle();
        assertThat(client.closed().toCompletableFuture()).isNotDone();

        Messages.collectReplies(client);

        awaitClosed(client, CloseReason.PEER);
    }

    @Test
    void connectToANameWithoutAnAddressFailsAndNamesIt() {
        CompletableFuture<Endpoint> future =
                world.client()
                        .connect(
                                InetSocketAddress.createUnresolved("nobody.invalid", 9),
                                null,
                                LIMIT);

        world.await(future::isDone);
        assertThatThrownBy(future::get)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to nobody.invalid");
    }

    @Test
    void messageThatNeverFitsTheQueueIsRefused() throws Exception {
        Endpoint client = connected();

        assertThat(client.send(listener.localAddress(), Messages.call(1, (2 << 20) + 1)))
                .isEqualTo(SendOutcome.REFUSED);
    }

    @Test
    void suspendedConnectionDeliversNothingAndLosesNothing() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);
        client.send(listener.localAddress(), Messages.call(1, 8));
        world.await(() -> calls.size() == 1);
        server.suspendReading();
        server.suspendReading();
        world.settle();

        client.send(listener.localAddress(), Messages.call(2, 8));
        world.settle();
        assertThat(calls).hasSize(1);

        server.resumeReading();
        world.await(() -> calls.size() == 2);
    }

    @Test
    void closeAfterWritingLosesNothing() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);
        List<ByteBuffer> replies = Messages.collectReplies(client);
        client.suspendReading();
        world.settle();
        ByteBuffer reply = Messages.reply(1, 100_000);
        int sent = 0;
        while (server.send(client.localAddress(), reply) == SendOutcome.SENT) {
            sent++;
        }
        server.suspendReading();
        client.send(listener.localAddress(), Messages.call(9, 8));
        world.settle();
        calls.clear();

        server.closeAfterWriting();
        server.closeAfterWriting();

        assertThat(server.send(client.localAddress(), reply)).isEqualTo(SendOutcome.CLOSED);
        client.resumeReading();
        awaitClosed(client, CloseReason.PEER);
        awaitClosed(server, CloseReason.LOCAL);
        assertThat(replies).hasSize(sent).containsOnly(reply);
        assertThat(calls).isEmpty();
    }

    @Test
    void closeIsSeenByThePeerAfterWhatWasSent() throws Exception {
        Endpoint client = connected();

        client.send(listener.localAddress(), Messages.call(1, 1000));
        client.close();
        client.close();

        assertThat(client.send(listener.localAddress(), Messages.call(2, 8)))
                .isEqualTo(SendOutcome.CLOSED);
        awaitClosed(client, CloseReason.LOCAL);
        awaitClosed(accepted.get(0), CloseReason.PEER);
        assertThat(calls).containsExactly(Messages.call(1, 1000));
        assertThat(accepted.get(0).send(client.localAddress(), Messages.call(3, 8)))
                .isEqualTo(SendOutcome.CLOSED);
    }

    @Test
    void receiverMayCloseItsConnectionAmongManyMessages() throws Exception {
        Endpoint client = connected();
        AtomicInteger received = new AtomicInteger();
        client.receiveCalls(
                (endpoint, from, message) -> {
                    received.incrementAndGet();
                    endpoint.close();
                });

        for (int i = 0; i < 10; i++) {
            accepted.get(0).send(client.localAddress(), Messages.call(i, 8));
        }
        awaitClosed(client, CloseReason.LOCAL);
        awaitClosed(accepted.get(0), CloseReason.PEER);

        assertThat(received).hasValue(1);
    }

    @Test
    void repliesToWhatArrivesTogetherAllArrive() throws Exception {
        Endpoint client = connected();
        Endpoint server = accepted.get(0);
        server.receiveReplies(
                (endpoint, from, message) -> endpoint.send(from, Messages.reply(0, 50)));
        List<ByteBuffer> replies = Messages.collectReplies(client);

        for (int i = 0; i < 2000; i++) {
            assertThat(client.send(listener.localAddress(), Messages.reply(i, 60)))
                    .isEqualTo(SendOutcome.SENT);
        }
        world.await(() -> replies.size() == 2000);
        assertThat(server.statistics().notSent()).isZero();
    }

    @Test
    void nothingIsLostThatIsSentWhileTheConnectionOpens() throws Exception {
        List<ByteBuffer> early = new CopyOnWriteArrayList<>();
        listener.close();
        StreamListener greeting =
                world.server()
                        .listen(
                                world.serverAddress(),
                                endpoint -> {
                                    for (int i = 0; i < 100; i++) {
                                        endpoint.send(
                                                endpoint.localAddress(), Messages.call(i, 100));
                                    }
                                });
        var unused =
                world.client()
                        .connect(greeting.localAddress(), null, LIMIT)
                        .thenAccept(
                                endpoint ->
                                        endpoint.receiveCalls(
                                                (on, from, message) ->
                                                        early.add(Messages.copy(message))));

        world.await(() -> early.size() == 100);

        assertThat(early.get(99)).isEqualTo(Messages.call(99, 100));
    }

    @Test
    void closedListenerRefusesAndItsConnectionsStay() throws Exception {
        Endpoint client = connected();
        SocketAddress address = listener.localAddress();
        listener.close();
        listener.close();

        client.send(address, Messages.call(1, 8));
        world.await(() -> calls.size() == 1);
        CompletableFuture<Endpoint> refused = world.client().connect(address, null, LIMIT);
        world.await(refused::isDone);
        assertThatThrownBy(refused::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(address.toString());
        for (int i = 0; i < 5; i++) {
            world.server().listen(address, endpoint -> {}).close();
        }
    }

    @Test
    void addressThatIsTakenCannotBeListenedOnAgain() {
        assertThatThrownBy(() -> world.server().listen(listener.localAddress(), endpoint -> {}))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(listener.localAddress().toString());
    }

    @Test
    void cancelledConnectLeavesNoConnection() throws Exception {
        CompletableFuture<Endpoint> future =
                world.client().connect(listener.localAddress(), null, LIMIT);
        if (!future.cancel(false)) {
            future.get().close();
        }

        world.settle();
        accepted.forEach(endpoint -> awaitClosed(endpoint, CloseReason.PEER));
    }

    @Test
    void closeOfTheNetworkClosesItsConnections() throws Exception {
        Endpoint client = connected();

        world.client().close();

        awaitClosed(client, CloseReason.LOCAL);
        boolean oneNetwork = world.client() == world.server();
        awaitClosed(accepted.get(0), oneNetwork ? CloseReason.LOCAL : CloseReason.PEER);
    }

    protected void awaitClosed(Endpoint endpoint, CloseReason reason) {
        CompletableFuture<CloseReason> closed = endpoint.closed().toCompletableFuture();
        world.await(closed::isDone);
        assertThat(closed).isCompletedWithValue(reason);
    }
}
