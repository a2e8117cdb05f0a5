package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second monitor out of a state folder, and says who is in. The kernel ends it at exit. */
final class StateFolderLock implements AutoCloseable {
    private static final String NAME = "lock";
    private static final int PID_LENGTH_MAX = 20;

    private final FileChannel channel;

    private StateFolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException when another process has it; the message says which
     */
    static StateFolderLock take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve(NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            FileLock held = tryLock(channel);
            if (held == null) {
                throw new IOException(
                        "state folder "
                                + folder
                                + " is in use by process "
                                + holder(channel)
                                + ": stop it, or use another folder");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new StateFolderLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_LENGTH_MAX);
        channel.read(pid, 0);
        String text = StandardCharsets.ISO_8859_1.decode(pid.flip()).toString().strip();
        return text.matches("\\d+") ? text : "unknown";
    }
}
