package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private static final FileId FILE = FileId.of(new byte[] {1});
    private static final LockOwner OWNER = LockOwner.of(SystemId.LOCAL, new byte[] {1}, 1);

    private static final int OWNER_MAX = LockOwner.HANDLE_BYTES_MAX;

    private static void refuses(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void messagesNameTheValueAndTheLimit() {
        refuses(() -> FileId.of(new byte[0]), "0 bytes", "1 to 1024");
        refuses(() -> FileId.of(new byte[1025]), "1025 bytes", "1 to 1024");
        refuses(() -> LockOwner.of(SystemId.LOCAL, new byte[0], 1), "0 bytes", "1 to " + OWNER_MAX);
        refuses(
                () -> LockOwner.of(SystemId.LOCAL, new byte[OWNER_MAX + 1], 1),
                (OWNER_MAX + 1) + " bytes",
                "1 to " + OWNER_MAX);
        refuses(() -> new LockRange(2, 1), "from 2 to 1");
        refuses(() -> new LockRange(LockRange.END, 0), "from 18446744073709551615 to 0");
        refuses(() -> LockTable.builder().overtakingsMax(-1), "-1");
        refuses(() -> LockTable.builder().heldMax(0), "heldMax 0");
        refuses(() -> LockTable.builder().waitingMax(-1), "waitingMax -1");
        LockTable table = LockTable.builder().build();
        refuses(() -> table.held(OWNER, FILE, LockRange.ALL, 0), "max 0");
    }

    @Test
    void longestNamesAreTaken() {
        assertThat(FileId.of(new byte[1024]).length()).isEqualTo(1024);
        assertThat(LockOwner.of(SystemId.LOCAL, new byte[OWNER_MAX], 1).handle())
                .hasSize(OWNER_MAX);
    }

    @Test
    void nullIsRefusedAndNothingChanges() {
        LockTable table = LockTable.builder().build();
        ThrowingCallable[] calls = {
            () -> table.lock(null, LockPolicy.TRY),
            () -> table.lock(new LockRequest(FILE, OWNER, LockRange.ALL, LockMode.SHARED), null),
            () -> new LockRequest(null, OWNER, LockRange.ALL, LockMode.SHARED),
            () -> new LockRequest(FILE, null, LockRange.ALL, LockMode.SHARED),
            () -> new LockRequest(FILE, OWNER, null, LockMode.SHARED),
            () -> new LockRequest(FILE, OWNER, LockRange.ALL, null),
            () -> table.test(null),
            () -> table.unlock(null, FILE, LockRange.ALL),
            () -> table.unlock(OWNER, null, LockRange.ALL),
            () -> table.unlock(OWNER, FILE, null),
            () -> table.cancel(null),
            () -> table.releaseOwner(null),
            () -> table.releaseSystem(null),
            () -> table.releaseFile(null),
            () -> table.share(OWNER, FILE, null),
            () -> table.unshare(null, FILE, new ShareMode(Share.READ, Share.NONE)),
            () -> table.holdsAny(null, FILE),
            () -> table.holdsAny(OWNER, null),
            () -> table.holds(null),
            () -> table.held(null),
            () -> table.held(null, FILE, LockRange.ALL, 1),
            () -> table.held(OWNER, null, LockRange.ALL, 1),
            () -> table.held(OWNER, FILE, null, 1),
            () -> table.snapshot(null),
            () -> LockOwner.of(null, new byte[1], 1),
            () -> LockOwner.of(SystemId.LOCAL, null, 1),
            () -> FileId.of(null),
        };
        for (ThrowingCallable call : calls) {
            assertThatNullPointerException().isThrownBy(call);
        }
        Invariants.checkEmpty(table);
    }

    @Test
    void arraysAreCopiedInAndOut() {
        byte[] bytes = {1, 2};
        FileId file = FileId.of(bytes);
        bytes[0] = 9;
        file.toByteArray()[1] = 9;
        assertThat(file).isEqualTo(FileId.of(new byte[] {1, 2})).hasToString("0102");
    }

    @Test
    void fullTableRefusesAndStillUnlocksAndGrants() {
        LockTable.Builder builder = LockTable.builder();
        builder.heldMax(1).waitingMax(1);
        LockTable table = builder.build();
        LockOwner other = LockOwner.of(SystemId.LOCAL, new byte[] {1}, 2);
        LockRequest first = new LockRequest(FILE, OWNER, new LockRange(0, 9), LockMode.EXCLUSIVE);
        LockRequest second = new LockRequest(FILE, other, new LockRange(0, 0), LockMode.EXCLUSIVE);
        table.lock(first, LockPolicy.TRY);

        assertThat(
                        table.lock(
                                        new LockRequest(
                                                FILE, OWNER, LockRange.ALL, LockMode.SHARED),
                                        LockPolicy.TRY)
                                .outcome())
                .isEqualTo(new LockOutcome.LimitReached(Limit.HELD, 1));
        assertThat(table.share(OWNER, FILE, new ShareMode(Share.READ, Share.NONE)))
                .isEqualTo(new ShareOutcome.LimitReached(1));
        assertThat(table.lock(second, LockPolicy.WAIT).outcome().status())
                .isEqualTo(LockOutcome.Status.WAITING);
        assertThat(table.lock(second, LockPolicy.WAIT).outcome())
                .isEqualTo(new LockOutcome.LimitReached(Limit.WAITING, 1));
        assertThat(table.unlock(OWNER, FILE, new LockRange(5, 5))).isEmpty();
        assertThat(table.counts(Scope.everything())).isEqualTo(new LockCounts(2, 1, 0));
        assertThat(table.unlock(OWNER, FILE, new LockRange(0, 3))).hasSize(1);
    }
}
