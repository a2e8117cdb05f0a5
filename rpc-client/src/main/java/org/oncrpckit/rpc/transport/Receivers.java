package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.MessageType;
import org.oncrpckit.rpc.RpcMessages;

/**
 * The part that all endpoints have in common: gives each message that arrives to the receiver that
 * its type asks for, and keeps the counts. For those who write an {@link Endpoint}; those who use
 * one never see it.
 *
 * <p>Thread-safe; {@link #deliver} is for one I/O thread at a time.
 */
public final class Receivers {
    private final AtomicReference<@Nullable MessageReceiver> calls = new AtomicReference<>();
    private final AtomicReference<@Nullable MessageReceiver> replies = new AtomicReference<>();
    private final Consumer<Throwable> failureHandler;

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
     * @param failureHandler told what a receiver threw, errors included; what it throws itself
     *     comes out of {@link #deliver}
     */
    public Receivers(Consumer<Throwable> failureHandler) {
        this.failureHandler = Objects.requireNonNull(failureHandler, "failureHandler");
    }

    /**
     * Attaches the receiver of calls.
     *
     * @throws IllegalStateException when there is one already
     */
    public void attachCalls(MessageReceiver receiver) {
        attach(calls, receiver, "calls");
    }

    /**
     * Attaches the receiver of replies.
     *
     * @throws IllegalStateException when there is one already
     */
    public void attachReplies(MessageReceiver receiver) {
        attach(replies, receiver, "replies");
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
    public void deliver(Endpoint endpoint, SocketAddress from, ByteBuffer message) {
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
        try {
            receiver.received(endpoint, from, message);
        } catch (RuntimeException | Error e) {
            // A message must not be able to end an I/O thread, whatever it makes a receiver throw.
            failures.increment();
            failureHandler.accept(e);
        }
    }

    /** Counts a message that cannot be delivered because it was cut short. */
    public void countMalformed() {
        malformed.increment();
    }

    /** Counts what became of a message to be sent; after the close nothing is counted. */
    public Endpoint.SendOutcome count(Endpoint.SendOutcome outcome) {
        switch (outcome) {
            case SENT -> sent.increment();
            case CONGESTED, REFUSED -> notSent.increment();
            case CLOSED -> {}
        }
        return outcome;
    }

    /** The counts so far. */
    public EndpointStatistics statistics() {
        return new EndpointStatistics(
                callsReceived.sum(),
                repliesReceived.sum(),
                unclaimed.sum(),
                malformed.sum(),
                sent.sum(),
                notSent.sum(),
                failures.sum());
    }
}
