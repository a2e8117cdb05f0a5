package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The steps on a disk, with one that the process does not survive or that the disk refuses. */
final class FailingSteps implements FileSteps {
    /** The process is gone: nothing after this happens, not even cleaning up. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final FileSteps disk = new DiskSteps();
    private final int killedAt;
    private int taken;
    private boolean dead;

    /** Set to make the disk refuse what writes. */
    boolean full;

    /** Bytes that still fit on the disk. */
    private int room = Integer.MAX_VALUE;

    /** Lets the disk take only so many bytes more; what does not fit is cut off. */
    void fillAfter(int bytes) {
        room = bytes;
    }

    /**
     * Steps of which one is the last.
     *
     * @param killedAt number of the step at which the process ends, from 1; half of an append is
     *     done then, and of every other step nothing
     */
    FailingSteps(int killedAt) {
        this.killedAt = killedAt;
    }

    int taken() {
        return taken;
    }

    @Override
    public void create(Path file) throws IOException {
        step();
        refuseWhenFull();
        disk.create(file);
    }

    @Override
    public void append(Path file, byte[] bytes) throws IOException {
        if (!dead && taken + 1 == killedAt) {
            disk.append(file, Arrays.copyOf(bytes, bytes.length / 2));
        }
        step();
        refuseWhenFull();
        disk.append(file, Arrays.copyOf(bytes, Math.min(bytes.length, room)));
        if (bytes.length > room) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void truncate(Path file, long length) throws IOException {
        step();
        disk.truncate(file, length);
    }

    @Override
    public void syncFile(Path file) throws IOException {
        step();
        disk.syncFile(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        refuseWhenFull();
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        step();
        disk.delete(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step();
        disk.syncFolder(folder);
    }

    private void step() {
        if (dead || ++taken == killedAt) {
            dead = true;
            throw new Killed();
        }
    }

    private void refuseWhenFull() throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }
}
