package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;

/** A client that ends while its requests are on their way: nothing of it stays at the server. */
class NlmClientCloseTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LockAnswer GIVEN_UP = new LockAnswer.GivenUp();

    private final World world = new World();
    private final ScriptedLockServer server = new ScriptedLockServer(world, NlmVersion.V4);
    private final JavaClient java = new JavaClient(world, 1);
    private final NlmOwner owner = java.client.newOwner();

    private NlmLock lock(long first, long last) {
        return ScriptedLockServer.lock(owner, first, last);
    }

    private void asked(int times) {
        assertThat(world.within(World.MINUTE, () -> server.locks.size() == times)).isTrue();
        world.settle();
    }

    @Test
    void whatIsGrantedWhileTheClientEndsIsGivenBack() {
        CompletableFuture<NlmStatus> reply = new CompletableFuture<>();
        server.onLock = args -> reply;
        CompletableFuture<LockAnswer> tried = java.client.tryLock(lock(0, 9));
        asked(1);
        CompletableFuture<Void> closed = java.client.closeAsync().toCompletableFuture();
        world.settle();
        reply.complete(NlmStatus.GRANTED);
        world.await(closed);
        assertThat(server.unlocks).hasSize(1);
        assertThat(tried).isCompletedExceptionally();
    }

    @Test
    void gracePeriodIsNotWaitedForByAClientThatEnds() {
        CompletableFuture<NlmStatus> reply = new CompletableFuture<>();
        server.onLock = args -> reply;
        CompletableFuture<LockAnswer> tried = java.client.tryLock(lock(0, 9));
        asked(1);
        CompletableFuture<Void> closed = java.client.closeAsync().toCompletableFuture();
        reply.complete(NlmStatus.DENIED_GRACE_PERIOD);
        world.await(closed);
        assertThat(tried).isCompletedExceptionally();
        world.time.advance(World.MINUTE);
        assertThat(server.locks).hasSize(1);
    }

    /** An UNLOCK that spares other requests would spare what goes next. */
    @Test
    void overlappingRequestsAreAllGivenUp() {
        server.onLock = args -> ScriptedLockServer.now(NlmStatus.BLOCKED);
        LockWait one = java.client.lock(lock(0, 9), HOUR);
        asked(1);
        LockWait two = java.client.lock(lock(5, 14), HOUR);
        asked(2);
        server.onCancel = args -> ScriptedLockServer.now(NlmStatus.DENIED);
        server.onLock = args -> ScriptedLockServer.now(NlmStatus.GRANTED);
        world.await(java.client.closeAsync().toCompletableFuture());
        assertThat(one.answer()).isCompletedWithValue(GIVEN_UP);
        assertThat(two.answer()).isCompletedWithValue(GIVEN_UP);
        assertThat(server.cancels).hasSize(2);
        assertThat(server.unlocks).hasSize(2);
    }

    @Test
    void requestThatTwoWaitsShareIsCancelledWithTheLastOfThem() {
        server.onLock = args -> ScriptedLockServer.now(NlmStatus.BLOCKED);
        LockWait one = java.client.lock(lock(0, 9), HOUR);
        asked(1);
        CompletableFuture<NlmStatus> reply = new CompletableFuture<>();
        server.onLock = args -> reply;
        CompletableFuture<LockAnswer> inFront = java.client.tryLock(lock(20, 29));
        asked(2);
        LockWait two = java.client.lock(one.lock(), HOUR); // Its LOCK has not left.
        world.settle();
        CompletableFuture<LockAnswer> first = one.cancel();
        CompletableFuture<LockAnswer> second = two.cancel();
        reply.complete(NlmStatus.DENIED);
        assertThat(world.await(first)).isEqualTo(GIVEN_UP);
        assertThat(world.await(second)).isEqualTo(GIVEN_UP);
        assertThat(world.await(inFront)).isEqualTo(new LockAnswer.Denied());
        assertThat(server.cancels).hasSize(1);
    }
}
