package org.oncrpckit.nlm.reclaim;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A new journal file that bytes are appended to, under another name until it is whole. Streams, not
 * channels: an interrupt of the thread that writes would close a channel. Not thread-safe.
 */
final class JournalFile implements AutoCloseable {
    private static final String NEW_SUFFIX = ".new";

    private final Path place;
    private final Path draft;
    private final FileOutputStream out;
    private long size;

    private JournalFile(Path place, Path draft, FileOutputStream out) {
        this.place = place;
        this.draft = draft;
        this.out = out;
    }

    /** Begins a file that is to take this place. */
    static JournalFile draft(Path place) throws IOException {
        Path draft = place.resolveSibling(place.getFileName() + NEW_SUFFIX);
        Files.deleteIfExists(draft);
        Files.createFile(
                draft,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        JournalFile file =
                new JournalFile(place, draft, new FileOutputStream(draft.toFile(), true));
        try {
            file.append(JournalFormat.header());
        } catch (IOException e) {
            file.discard();
            throw e;
        }
        return file;
    }

    void append(byte[] bytes) throws IOException {
        out.write(bytes);
        size += bytes.length;
    }

    long size() {
        return size;
    }

    void sync() throws IOException {
        out.getFD().sync();
    }

    /** Takes the place of the file that is there; {@link #syncFolder} makes that durable. */
    void publish() throws IOException {
        Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    }

    void syncFolder() throws IOException {
        try (FileChannel folder =
                FileChannel.open(
                        place.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Closes and removes what has not been published. */
    void discard() throws IOException {
        out.close();
        Files.deleteIfExists(draft);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
