package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShareTest {
    private static final FileId FILE = Scene.file("f");
    private static final LockOwner A = Scene.owner("a");
    private static final LockOwner B = Scene.owner("b");

    private final LockTable table = LockTable.builder().build();

    private static ShareMode mode(Share access, Share deny) {
        return new ShareMode(access, deny);
    }

    @Test
    void conflictsExactlyWhereOneDoesWhatTheOtherDenies() {
        for (Share access : Share.values()) {
            for (Share deny : Share.values()) {
                for (Share otherAccess : Share.values()) {
                    for (Share otherDeny : Share.values()) {
                        boolean expected =
                                (access.bits() & otherDeny.bits()) != 0
                                        || (deny.bits() & otherAccess.bits()) != 0;
                        ShareMode first = mode(access, deny);
                        ShareMode second = mode(otherAccess, otherDeny);
                        table.share(A, FILE, first);
                        ShareOutcome outcome = table.share(B, FILE, second);
                        if (expected) {
                            assertThat(outcome)
                                    .isEqualTo(
                                            new ShareOutcome.Denied(
                                                    new HeldShare(FILE, A, first, 1)));
                        } else {
                            assertThat(outcome).isEqualTo(new ShareOutcome.Granted());
                        }
                        table.releaseFile(FILE);
                    }
                }
            }
        }
        Invariants.checkEmpty(table);
    }

    @Test
    void isGivenBackAsOftenAsItWasTaken() {
        ShareMode mode = mode(Share.READ, Share.WRITE);
        table.share(A, FILE, mode);
        table.share(A, FILE, mode);
        table.share(A, FILE, mode(Share.READ_WRITE, Share.NONE));
        assertThat(table.counts(Scope.of(A)).shares()).isEqualTo(3);

        assertThat(table.unshare(A, FILE, mode)).isTrue();
        assertThat(table.share(B, FILE, mode(Share.WRITE, Share.NONE)).status())
                .isEqualTo(ShareOutcome.Status.DENIED);
        assertThat(table.unshare(A, FILE, mode)).isTrue();
        assertThat(table.unshare(A, FILE, mode)).isFalse();
        assertThat(table.share(B, FILE, mode(Share.WRITE, Share.NONE)).status())
                .isEqualTo(ShareOutcome.Status.GRANTED);
    }

    @Test
    void knowsNothingOfLocks() {
        table.lock(Scene.write("a", 0, 9), LockPolicy.TRY);
        assertThat(table.share(B, FILE, mode(Share.READ_WRITE, Share.READ_WRITE)).status())
                .isEqualTo(ShareOutcome.Status.GRANTED);
        table.unlock(A, FILE, LockRange.ALL);
        table.releaseOwner(B);
        Invariants.checkEmpty(table);
    }
}
