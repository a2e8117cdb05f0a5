package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.nsm.protocol.HostName;

class ClaimTest {
    private final Claim claim =
            new Claim(
                    new Claim.Key(
                            LockOwner.of(SystemId.LOCAL, new byte[] {1}, 1),
                            FileId.of(new byte[] {1})),
                    HostName.of("client1"),
                    Instant.EPOCH);

    @Test
    void soManyUnconfirmedGrantsAreToldApart() {
        for (int i = 0; i < Claim.UNCONFIRMED_MAX; i++) {
            claim.doubt(new LockRange(2L * i, 2L * i));
        }

        assertThat(claim.unconfirmedCount()).isEqualTo(Claim.UNCONFIRMED_MAX);
        assertThat(claim.isUnconfirmed(new LockRange(1, 1))).isFalse();
        claim.settle(new LockRange(0, 9));
        assertThat(claim.unconfirmedCount()).isEqualTo(Claim.UNCONFIRMED_MAX - 5);
    }

    /** A client that answers each grant with an error may go on for as long as it likes. */
    @Test
    void beyondThatAllBytesBetweenThemCountAsOne() {
        for (int i = 0; i <= 10 * Claim.UNCONFIRMED_MAX; i++) {
            claim.doubt(new LockRange(-2L * i - 1, -2L * i - 1));
            assertThat(claim.unconfirmedCount()).isLessThanOrEqualTo(Claim.UNCONFIRMED_MAX);
        }

        for (int i = 0; i <= 10 * Claim.UNCONFIRMED_MAX; i++) {
            assertThat(claim.isUnconfirmed(new LockRange(-2L * i - 1, -2L * i - 1))).isTrue();
        }
        claim.settle(LockRange.ALL);
        assertThat(claim.unconfirmedCount()).isZero();
    }
}
