package org.oncrpckit.nlm.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.OpaqueMemo;

class RecentLocksTest {
    private final RecentLocks locks = new RecentLocks();

    /**
     * Few values of each field, so that most descriptions come again, and some slots are shared.
     */
    @Test
    void whateverMakesAnotherLockIsLookedAt() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RecentLocksTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            WireLock lock =
                    new WireLock(
                            HostName.of("client" + random.nextInt(2)),
                            Opaque.copyOf((byte) random.nextInt(2)),
                            Opaque.copyOf((byte) random.nextInt(20)),
                            random.nextInt(20),
                            random.nextInt(3),
                            random.nextInt(3));
            assertThat(get(lock)).isEqualTo(lock);
        }
    }

    @Test
    void aLockWithLongNamesIsNotKept() {
        Opaque tooLong = Opaque.copyOf(new byte[OpaqueMemo.LENGTH_MAX + 1]);
        Opaque handle = Opaque.ofUtf8("handle");
        HostName name = HostName.of("client1");
        WireLock kept = new WireLock(name, handle, handle, 1, 2, 3);
        assertThat(get(kept)).isSameAs(get(kept));
        for (WireLock each :
                List.of(
                        new WireLock(new HostName(tooLong), handle, handle, 1, 2, 4),
                        new WireLock(name, tooLong, handle, 1, 2, 5),
                        new WireLock(name, handle, tooLong, 1, 2, 6))) {
            assertThat(get(each)).isNotSameAs(get(each));
        }
    }

    private WireLock get(WireLock lock) {
        return locks.get(
                lock.callerName(),
                lock.fileHandle(),
                lock.ownerHandle(),
                lock.svid(),
                lock.offset(),
                lock.length());
    }
}
