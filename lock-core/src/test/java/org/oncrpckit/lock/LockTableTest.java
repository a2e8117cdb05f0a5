package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private static final FileId FILE = FileId.of(new byte[] {1});
    private static final LockOwner A = LockOwner.of(SystemId.LOCAL, new byte[] {'a'}, 1);
    private static final LockOwner B = LockOwner.of(SystemId.LOCAL, new byte[] {'b'}, 2);

    private final LockTable table = LockTable.builder().build();

    @Test
    void waiterIsGrantedByTheUnlockThatFreesItsRange() {
        LockRequest first = new LockRequest(FILE, A, new LockRange(0, 9), LockMode.EXCLUSIVE);
        LockRequest second = new LockRequest(FILE, B, new LockRange(5, 20), LockMode.SHARED);

        assertThat(table.lock(first, LockPolicy.TRY).outcome())
                .isEqualTo(new LockOutcome.Granted());
        assertThat(table.lock(second, LockPolicy.WAIT).outcome())
                .isEqualTo(new LockOutcome.Waiting(new Ticket(1)));
        assertThat(table.unlock(A, FILE, new LockRange(0, 4))).isEmpty();
        assertThat(table.unlock(A, FILE, LockRange.ALL))
                .isEqualTo(List.of(new Effect.Granted(new Ticket(1), second)));
        assertThat(table.held(Scope.everything()))
                .containsExactly(new HeldLock(FILE, B, new LockRange(5, 20), LockMode.SHARED));
    }
}
