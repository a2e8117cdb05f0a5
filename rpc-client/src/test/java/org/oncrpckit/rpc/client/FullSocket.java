package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.EndpointStatistics;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Transport;

/** A UDP socket whose buffer is full for the first messages; no simulated one ever is. */
final class FullSocket implements Endpoint {
    private final Endpoint socket;
    private final LongSupplier nanoTime;
    private final int refusals;
    private final List<Long> sendsMillis = new ArrayList<>();

    FullSocket(Endpoint socket, LongSupplier nanoTime, int refusals) {
        this.socket = socket;
        this.nanoTime = nanoTime;
        this.refusals = refusals;
    }

    /** When anybody tried to send, in milliseconds. */
    List<Long> sendsMillis() {
        return sendsMillis;
    }

    @Override
    public SendOutcome send(SocketAddress to, ByteBuffer message) {
        sendsMillis.add(nanoTime.getAsLong() / 1_000_000);
        return sendsMillis.size() <= refusals ? SendOutcome.CONGESTED : socket.send(to, message);
    }

    @Override
    public Transport transport() {
        return socket.transport();
    }

    @Override
    public SocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public Optional<SocketAddress> peer() {
        return socket.peer();
    }

    @Override
    public void receiveCalls(MessageReceiver receiver) {
        socket.receiveCalls(receiver);
    }

    @Override
    public void receiveReplies(MessageReceiver receiver) {
        socket.receiveReplies(receiver);
    }

    @Override
    public void suspendReading() {
        socket.suspendReading();
    }

    @Override
    public void resumeReading() {
        socket.resumeReading();
    }

    @Override
    public Optional<PeerCredential> peerCredential() {
        return socket.peerCredential();
    }

    @Override
    public EndpointStatistics statistics() {
        return socket.statistics();
    }

    @Override
    public CompletionStage<CloseReason> closed() {
        return socket.closed();
    }

    @Override
    public void close() {
        socket.close();
    }
}
