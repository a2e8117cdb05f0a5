package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameHashTest {
    /** Pairs of bytes with the same {@link Arrays#hashCode}, which any string of pairs keeps. */
    private static final byte[][] ALIKE = {{1, 31}, {2, 0}};

    private static final int NAMES = 1 << 12;

    @Test
    void namesMadeToCollideInOrdinaryHashesDoNotCollide() {
        Set<Integer> ordinary = new HashSet<>();
        Set<Integer> ours = new HashSet<>();
        for (int i = 0; i < NAMES; i++) {
            byte[] name = new byte[24];
            for (int pair = 0; pair < name.length / 2; pair++) {
                System.arraycopy(ALIKE[i >>> pair & 1], 0, name, 2 * pair, 2);
            }
            ordinary.add(Arrays.hashCode(name));
            ours.add(FileId.of(name).hashCode());
        }
        assertThat(ordinary).hasSize(1);
        assertThat(ours).hasSizeGreaterThan(NAMES - 5);
    }

    @Test
    void everyByteAndTheLengthCount() {
        Set<Integer> hashes = new HashSet<>();
        int names = 0;
        for (int length = 1; length <= 40; length++) {
            hashes.add(FileId.of(new byte[length]).hashCode());
            names++;
            for (int at = 0; at < length; at++) {
                byte[] name = new byte[length];
                name[at] = 1;
                hashes.add(FileId.of(name).hashCode());
                names++;
            }
        }
        assertThat(hashes).hasSizeGreaterThan(names - 5);
    }

    @Test
    void everyPartOfAnOwnerCounts() {
        Set<Integer> hashes = new HashSet<>();
        byte[] handle = {1};
        hashes.add(LockOwner.of(new SystemId(0, 0), handle, 0).hashCode());
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long one = 1L << bit;
            hashes.add(LockOwner.of(new SystemId(one, 0), handle, 0).hashCode());
            hashes.add(LockOwner.of(new SystemId(0, one), handle, 0).hashCode());
            hashes.add(LockOwner.of(new SystemId(0, 0), handle, one).hashCode());
        }
        assertThat(hashes).hasSizeGreaterThan(3 * Long.SIZE - 2);
    }
}
