package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the names of owners promise beyond equality. */
class LockOwnerTest {
    private static final int OWNERS = 10_000;

    /** Clients write the number into the handle, too; tables that use the low bits must cope. */
    @Test
    void hashesOfOwnersWhoseHandlesEndInTheirNumbersDiffer() {
        SystemId system = new SystemId(1, 0);
        long buckets =
                IntStream.range(0, OWNERS)
                        .map(i -> LockOwner.of(system, handle(i), i).hashCode() & 0xffff)
                        .distinct()
                        .count();
        // Thrown at random into 65536 buckets, 10,000 fill about 9,270.
        assertThat(buckets).isGreaterThan(9_000);
    }

    private static byte[] handle(int number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
