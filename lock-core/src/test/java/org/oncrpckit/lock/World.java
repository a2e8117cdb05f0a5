package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.List;

/**
 * The small world of the model tests: three files, six owners on three systems, ten cells of bytes.
 */
final class World {
    /**
     * The first byte of each cell. Together the cells are all bytes there are; some are a single
     * one.
     */
    private static final long[] CELLS = {
        0, 1, 2, 3, 4, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -2, -1
    };

    static final int CELL_COUNT = CELLS.length;

    static final List<FileId> FILES =
            List.of(
                    FileId.of(new byte[] {7}),
                    FileId.of(new byte[] {7, 1}),
                    FileId.of(new byte[] {(byte) 0x90}));

    static final List<SystemId> SYSTEMS =
            List.of(SystemId.LOCAL, new SystemId(4, 1), new SystemId(4, 2));

    static final List<LockOwner> OWNERS = owners();

    private World() {}

    private static List<LockOwner> owners() {
        List<LockOwner> owners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            owners.add(
                    LockOwner.of(
                            SYSTEMS.get(i % SYSTEMS.size()),
                            new byte[] {(byte) (i / 4 + 1)},
                            3 - i % 2));
        }
        return List.copyOf(owners);
    }

    /** The bytes of some neighbouring cells. */
    static LockRange range(int firstCell, int lastCell) {
        long last = lastCell + 1 == CELL_COUNT ? LockRange.END : CELLS[lastCell + 1] - 1;
        return new LockRange(CELLS[firstCell], last);
    }

    static boolean covers(LockRange range, int cell) {
        return range.intersects(new LockRange(CELLS[cell], CELLS[cell]));
    }
}
