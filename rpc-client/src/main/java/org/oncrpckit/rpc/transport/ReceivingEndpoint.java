package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.MessageType;
import org.oncrpckit.rpc.RpcMessages;

/**
 * The part that all endpoints have in common: gives each message that arrives to the receiver that
 * its type asks for, keeps the counts, and completes {@link #closed}. For those who write an
 * endpoint; those who use one see {@link Endpoint}.
 *
 * <p>Thread-safe; {@link #deliver} is for one I/O thread at a time.
 */
public abstract class ReceivingEndpoint implements Endpoint {
    private final AtomicReference<@Nullable MessageReceiver> calls = new AtomicReference<>();
    private final AtomicReference<@Nullable MessageReceiver> replies = new AtomicReference<>();
    private final SocketAddress local;
    private final Consumer<Throwable> failureHandler;
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private final LongAdder callsReceived = new LongAdder();
    private final LongAdder repliesReceived = new LongAdder();
    private final LongAdder unclaimed = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder notSent = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * No receivers yet.
     *
     * @param local the bound address
     * @param failureHandler told what a receiver threw, errors included; what it throws itself
     *     comes out of {@link #deliver}
     */
    protected ReceivingEndpoint(SocketAddress local, Consumer<Throwable> failureHandler) {
        this.local = Objects.requireNonNull(local, "local");
        this.failureHandler = Objects.requireNonNull(failureHandler, "failureHandler");
    }

    /** Somebody is there to receive, or waits for what comes of a message. Idempotent. */
    protected abstract void startReading();

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final void receiveCalls(MessageReceiver receiver) {
        attach(calls, receiver, "calls");
        startReading();
    }

    @Override
    public final void receiveReplies(MessageReceiver receiver) {
        attach(replies, receiver, "replies");
        startReading();
    }

    private static void attach(
            AtomicReference<@Nullable MessageReceiver> place,
            MessageReceiver receiver,
            String what) {
        Objects.requireNonNull(receiver, "receiver");
        if (!place.compareAndSet(null, receiver)) {
            throw new IllegalStateException("the endpoint has a receiver of " + what + " already");
        }
    }

    /** Gives a whole message, from position to limit, to its receiver, or drops and counts it. */
    protected final void deliver(SocketAddress from, ByteBuffer message) {
        Optional<MessageType> type = RpcMessages.peekType(message);
        if (type.isEmpty()) {
            malformed.increment();
            return;
        }
        boolean call = type.get() == MessageType.CALL;
        MessageReceiver receiver = call ? calls.get() : replies.get();
        if (receiver == null) {
            unclaimed.increment();
            return;
        }
        (call ? callsReceived : repliesReceived).increment();
        // As IoThread.run, without an object for each message.
        boolean[] inside = IoThread.flag();
        boolean before = inside[0];
        inside[0] = true;
        try {
            receiver.received(this, from, message);
        } catch (RuntimeException | Error e) {
            // A message must not be able to end an I/O thread, whatever it makes a receiver throw.
            failures.increment();
            failureHandler.accept(e);
        } finally {
            inside[0] = before;
        }
    }

    /** Counts a message that cannot be delivered because it was cut short. */
    protected final void countMalformed() {
        malformed.increment();
    }

    /** Counts what became of a message to be sent; after the close nothing is counted. */
    protected final SendOutcome count(SendOutcome outcome) {
        switch (outcome) {
            case SENT -> sent.increment();
            case CONGESTED, REFUSED -> notSent.increment();
            case CLOSED -> {}
        }
        return outcome;
    }

    @Override
    public final EndpointStatistics statistics() {
        return new EndpointStatistics(
                callsReceived.sum(),
                repliesReceived.sum(),
                unclaimed.sum(),
                malformed.sum(),
                sent.sum(),
                notSent.sum(),
                failures.sum());
    }

    @Override
    public final CompletionStage<CloseReason> closed() {
        return closed.minimalCompletionStage();
    }

    /** Tells those who wait for the close; the first reason stands. Never under a lock. */
    protected final void completeClosed(CloseReason reason) {
        closed.complete(reason);
    }

    @Override
    public String toString() {
        return transport() + " " + local + peer().map(to -> " to " + to).orElse("");
    }
}
