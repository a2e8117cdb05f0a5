package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a second monitor out of a state folder, and says who is in. The kernel ends it at exit. */
final class StateFolderLock implements AutoCloseable {
    private static final String NAME = "lock";
    private static final int PID_LENGTH_MAX = 20;

    /**
     * Folders that this process has. The kernel's locks belong to the process: whoever in it merely
     * opens and closes the file again ends them.
     */
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private StateFolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException when another monitor has it; the message says which process that is in
     */
    static StateFolderLock take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!TAKEN.add(real)) {
            throw inUse(folder, String.valueOf(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            StateFolderLock lock = new StateFolderLock(real, lock(folder));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                TAKEN.remove(real);
            }
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve(NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock() == null) {
                throw inUse(folder, holder(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException inUse(Path folder, String process) {
        return new IOException(
                "state folder "
                        + folder
                        + " is in use by process "
                        + process
                        + ": stop it, or use another folder");
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            TAKEN.remove(folder);
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_LENGTH_MAX);
        channel.read(pid, 0);
        String text = StandardCharsets.ISO_8859_1.decode(pid.flip()).toString().strip();
        return text.matches("\\d+") ? text : "unknown";
    }
}
