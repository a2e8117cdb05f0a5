package org.oncrpckit.nsm;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes of host files that are promised and perhaps not durable in their own place yet. All
 * changes of a batch are appended at once and made durable by one sync, however many hosts they
 * are. Each entry is a line and the new content of the file:
 *
 * <pre>
 * sm/192.0.2.7 118 0f3a991c        place, length of the content (0: the file is removed), CRC-32
 * 0100007f 00000000 ...            the content
 * </pre>
 *
 * <p>An entry that is not whole was never promised: reading ends there. Not thread-safe.
 */
final class StoreJournal {
    /** From here on the host files must be made durable before anything is appended. */
    static final long LENGTH_MAX = 2 * 1024 * 1024;

    /** Longest first line of an entry: a folder, an address with a scope, two numbers. */
    private static final int LINE_MAX = 256;

    private static final int HEXADECIMAL = 16;

    private static final Logger LOG = LoggerFactory.getLogger(StoreJournal.class);

    private final Path file;
    private final FileSteps steps;

    /** Up to here it is whole and durable. */
    private long length;

    /** Whether something that was not promised may follow what is whole. */
    private boolean torn;

    private boolean exists;

    /**
     * A change of one host file.
     *
     * @param place folder and file name, with a slash between
     * @param content what the file holds from now on; nothing when it is removed
     */
    record Entry(String place, Opaque content) {
        Entry {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(content, "content");
        }

        private int checksum() {
            CRC32 crc = new CRC32();
            crc.update((place + ' ' + content.length()).getBytes(StandardCharsets.US_ASCII));
            crc.update(content.toByteArray());
            return (int) crc.getValue();
        }
    }

    StoreJournal(Path file, FileSteps steps) {
        this.file = file;
        this.steps = steps;
    }

    /**
     * The entries of an earlier process, in their order; to be called first.
     *
     * @throws IOException when it cannot be read, or is not a file
     */
    List<Entry> read() throws IOException {
        exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        if (!exists) {
            return List.of();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file: move it away");
        }
        List<Entry> entries = new ArrayList<>();
        try (InputStream in =
                new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            Optional<Entry> next = readEntry(in);
            while (next.isPresent()) {
                entries.add(next.get());
                next = readEntry(in);
            }
        }
        long size = Files.size(file);
        if (length < size) {
            torn = true;
            LOG.info(
                    "{}: the last {} bytes are no whole entry; nothing was promised for them",
                    file,
                    size - length);
        }
        return entries;
    }

    /** How many bytes it holds. */
    long length() {
        return length;
    }

    /**
     * Adds entries, durable when this returns. When it fails nothing is promised, and the entries
     * are taken out again before anything is added to them.
     */
    void append(Collection<Entry> entries) throws IOException {
        repair();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Entry each : entries) {
            String line =
                    each.place()
                            + ' '
                            + each.content().length()
                            + ' '
                            + HexFormat.of().toHexDigits(each.checksum())
                            + '\n';
            bytes.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(each.content().toByteArray());
        }
        torn = true;
        try {
            boolean fresh = !exists;
            if (fresh) {
                steps.create(file);
                exists = true;
            }
            steps.append(file, bytes.toByteArray());
            steps.syncFile(file);
            if (fresh) {
                steps.syncFolder(Objects.requireNonNull(file.getParent(), "parent"));
            }
        } catch (IOException e) {
            try {
                repair();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        torn = false;
        length += bytes.size();
    }

    /** Empties it, durably: everything in it is durable in its own place. */
    void clear() throws IOException {
        if (length == 0 && !torn) {
            return;
        }
        steps.truncate(file, 0);
        steps.syncFile(file);
        length = 0;
        torn = false;
    }

    private void repair() throws IOException {
        if (torn && exists) {
            steps.truncate(file, length);
            steps.syncFile(file);
        }
        torn = false;
    }

    /** The next entry; empty where whole entries end. */
    private Optional<Entry> readEntry(InputStream in) throws IOException {
        Optional<String> line = readLine(in);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        String[] words = line.get().split(" ", -1);
        if (words.length != 3) {
            return Optional.empty();
        }
        Entry entry;
        try {
            int size = Integer.parseInt(words[1]);
            if (size < 0 || size > RecordText.LENGTH_MAX) {
                return Optional.empty();
            }
            entry = new Entry(words[0], Opaque.copyOf(in.readNBytes(size)));
            if (entry.content().length() != size
                    || entry.checksum() != Integer.parseUnsignedInt(words[2], HEXADECIMAL)) {
                return Optional.empty();
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        length += line.get().length() + 1 + entry.content().length();
        return Optional.of(entry);
    }

    private static Optional<String> readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0 || line.length() == LINE_MAX) {
                return Optional.empty();
            }
            line.append((char) next);
            next = in.read();
        }
        return Optional.of(line.toString());
    }
}
