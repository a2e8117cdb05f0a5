package org.oncrpckit.nlm.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.protocol.WireRange;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * The operations of the protocol as calls to a server that are answered in the end, or fail with an
 * {@link NlmClientException}. Thread-safe.
 */
final class ServerCalls {
    /** The highest offset or length of versions 1 and 3. */
    private static final long NARROW_MAX = 0xffff_ffffL;

    private final RpcClient client;
    private final Timers timers;
    private final ServerBook book;
    private final OneWayCalls oneWay;
    private final ClientIdentity identity;
    private final CallStyle style;
    private final AtomicLong lastCookie;
    private volatile boolean closed;

    ServerCalls(
            RpcClient client,
            ServerBook book,
            OneWayCalls oneWay,
            ClientIdentity identity,
            CallStyle style) {
        this.client = client;
        this.timers = client.platform().timers();
        this.book = book;
        this.oneWay = oneWay;
        this.identity = identity;
        this.style = style;
        this.lastCookie = new AtomicLong(client.platform().random().nextLong());
    }

    /** Asks for a lock. */
    CompletableFuture<NlmStatus> lock(
            NlmLock lock, boolean block, boolean reclaim, Deadline deadline) {
        return status(
                lock,
                NlmVersion::lock,
                (cookie, description) ->
                        new LockArgs(
                                cookie,
                                block,
                                lock.isExclusive(),
                                description,
                                reclaim,
                                identity.state()),
                deadline);
    }

    /** Takes a waiting request back. */
    CompletableFuture<NlmStatus> cancel(NlmLock lock, boolean block, Deadline deadline) {
        return status(
                lock,
                NlmVersion::cancel,
                (cookie, description) ->
                        new CancelArgs(cookie, block, lock.isExclusive(), description),
                deadline);
    }

    /** Gives bytes back. */
    CompletableFuture<NlmStatus> unlock(NlmLock lock, Deadline deadline) {
        return status(
                lock,
                NlmVersion::unlock,
                (cookie, description) -> new UnlockArgs(cookie, description),
                deadline);
    }

    /** Asks what is in the way. */
    CompletableFuture<TestOutcome> test(NlmLock lock, Deadline deadline) {
        return call(
                        lock,
                        NlmVersion::test,
                        TestReply.class,
                        (cookie, description) ->
                                new TestArgs(cookie, lock.isExclusive(), description),
                        deadline)
                .thenApply(TestReply::outcome);
    }

    private <A> CompletableFuture<NlmStatus> status(
            NlmLock lock,
            Function<NlmVersion, NlmOperation<A, StatusReply>> operation,
            BiFunction<Opaque, WireLock, A> arguments,
            Deadline deadline) {
        return call(lock, operation, StatusReply.class, arguments, deadline)
                .thenApply(StatusReply::status);
    }

    private <A, R> CompletableFuture<R> call(
            NlmLock lock,
            Function<NlmVersion, NlmOperation<A, R>> operation,
            Class<R> replyType,
            BiFunction<Opaque, WireLock, A> arguments,
            Deadline deadline) {
        WireLock description = describe(lock);
        Opaque cookie = newCookie();
        return new ServerCall<>(
                        this,
                        lock.server(),
                        replyType,
                        operation,
                        version ->
                                fits(version, description)
                                        ? Optional.of(
                                                new ServerCall.Question<>(
                                                        cookie,
                                                        arguments.apply(cookie, description)))
                                        : Optional.empty(),
                        deadline)
                .start();
    }

    /** A lock as it travels. */
    WireLock describe(NlmLock lock) {
        return new WireLock(
                identity.callerName(),
                lock.file(),
                lock.owner().handle(),
                lock.owner().svid(),
                WireRange.offset(lock.range()),
                WireRange.length(lock.range()));
    }

    private static boolean fits(NlmVersion version, WireLock description) {
        boolean narrow = version != NlmVersion.V4;
        return !(narrow && (description.offset() > NARROW_MAX || description.length() > NARROW_MAX))
                && version.range(description).isPresent();
    }

    /** One attempt, in the style of this client. */
    <A, R> CompletableFuture<R> exchange(OneWayCalls.Message<A, R> message, Duration limit) {
        CallOptions options =
                CallOptions.DEFAULT.withTimeLimit(limit).withCredential(identity.credential());
        return style == CallStyle.SYNCHRONOUS
                ? client.call(
                        message.target(), message.operation().call(), message.arguments(), options)
                : oneWay.exchange(message, options);
    }

    /** Ends whatever is still tried. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    ServerBook book() {
        return book;
    }

    Timers timers() {
        return timers;
    }

    private Opaque newCookie() {
        return Opaque.copyOf(
                ByteBuffer.allocate(Long.BYTES).putLong(lastCookie.incrementAndGet()).array());
    }
}
