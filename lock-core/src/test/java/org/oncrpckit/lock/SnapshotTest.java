package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.lock.Scene.read;
import static org.oncrpckit.lock.Scene.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a snapshot holds is compared in {@link ModelTest}; here is what can go wrong with one. */
class SnapshotTest {
    private static byte[] snapshot() throws IOException {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 9));
        scene.hold(read("b", 20, 29));
        scene.await(write("b", 5, 20));
        scene.table.share(
                Scene.owner("c"), Scene.FILE, new ShareMode(Share.READ_WRITE, Share.WRITE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        scene.table.snapshot(out);
        return out.toByteArray();
    }

    private static LockTable restore(byte[] bytes) throws IOException {
        return LockTable.builder().restore(new ByteArrayInputStream(bytes));
    }

    @Test
    void restoredTableGoesOnWhereTheOtherStopped() throws IOException {
        LockTable table = restore(snapshot());
        Invariants.check(table, LockTable.Builder.OVERTAKINGS_MAX_DEFAULT);
        assertThat(table.unlock(Scene.owner("a"), Scene.FILE, LockRange.ALL))
                .containsExactly(new Effect.Granted(new Ticket(1), write("b", 5, 20)));
        assertThat(table.lock(write("x", 5, 5), LockPolicy.WAIT).outcome())
                .isEqualTo(new LockOutcome.Waiting(new Ticket(2)));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] bytes = snapshot();
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> restore(part))
                    .as("%s bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        byte[] bytes = snapshot();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] broken = bytes.clone();
            broken[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> restore(broken))
                    .as("bit %s", bit)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void writesWhileNoLockIsHeld() throws IOException {
        LockTable table = LockTable.builder().build();
        table.lock(write("a", 0, 9), LockPolicy.TRY);
        LockEngine engine = table.engine();
        table.snapshot(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        assertThat(engine.slow.isLockedByCaller()).isFalse();
                        assertThat(engine.shards).noneMatch(Shard::isLockedByCaller);
                    }
                });
    }

    @Test
    void listsWhileNoLockIsHeld() {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 9));
        scene.await(write("b", 0, 9));
        LockEngine engine = scene.table.engine();
        Runnable free =
                () -> {
                    assertThat(engine.slow.isLockedByCaller()).isFalse();
                    assertThat(engine.shards).noneMatch(Shard::isLockedByCaller);
                };
        scene.table.held(Scope.everything()).forEach(h -> free.run());
        scene.table.waiting(Scope.everything()).forEach(w -> free.run());
        scene.table.waitsFor(Scope.everything()).forEach(w -> free.run());
    }
}
