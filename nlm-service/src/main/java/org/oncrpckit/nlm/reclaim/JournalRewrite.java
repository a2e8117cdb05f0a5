package org.oncrpckit.nlm.reclaim;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a journal anew without what has been given back. It reads the journal itself, up to a
 * byte: that is one moment, and needs neither the lock table nor a lock. A large journal is read
 * several times, for a part of the holders each time, so that little is in memory.
 */
final class JournalRewrite {
    /** How many bytes of the old journal there are for each time that it is read. */
    static final long PASS_BYTES = 64L << 20;

    private static final int COPY_BYTES = 64 * 1024;

    private final Path file;
    private final JournalFile draft;
    private final long passBytes;

    JournalRewrite(Path file, JournalFile draft) {
        this(file, draft, PASS_BYTES);
    }

    /** The same with another number of bytes for each time. */
    JournalRewrite(Path file, JournalFile draft, long passBytes) {
        this.file = file;
        this.draft = draft;
        this.passBytes = passBytes;
    }

    /**
     * Writes what so many bytes of the old journal come to, the grace period being over.
     *
     * @throws IOException when it cannot be read or written, or is not what was once written
     */
    void condense(long bytes) throws IOException {
        int passes = (int) (1 + bytes / passBytes);
        for (int pass = 0; pass < passes; pass++) {
            JournalContents part = part(pass, passes);
            JournalReader.Result result = JournalReader.read(file, bytes, part::apply);
            if (result.good() != bytes) {
                throw new IOException(file + " is damaged behind byte " + result.good());
            }
            if (pass == 0) {
                begin(part.started());
            }
            Batch batch = new Batch(draft);
            part.eachCurrent(batch::add);
            batch.flush();
        }
    }

    /** Copies bytes of the old journal as they are. */
    void copy(long from, long to) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        try (RandomAccessFile old = new RandomAccessFile(file.toFile(), "r")) {
            old.seek(from);
            for (long left = to - from; left > 0; ) {
                int got = old.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (got < 0) {
                    throw new EOFException(file + " is shorter than what was written");
                }
                draft.append(got == buffer.length ? buffer : Arrays.copyOf(buffer, got));
                left -= got;
            }
        }
    }

    private void begin(JournalRecord.@Nullable Started started) throws IOException {
        if (started != null) {
            draft.append(JournalFormat.encode(started));
        }
        draft.append(JournalFormat.encode(new JournalRecord.GraceOver()));
    }

    private static JournalContents part(int pass, int passes) {
        return new JournalContents(holder -> Math.floorMod(holder.hashCode(), passes) == pass);
    }

    /** Puts records together before they are written. */
    static final class Batch {
        private final JournalFile to;
        private final List<byte[]> records = new ArrayList<>();
        private int bytes;
        private @Nullable IOException failure;

        Batch(JournalFile to) {
            this.to = to;
        }

        void add(JournalRecord entry) {
            byte[] encoded = JournalFormat.encode(entry);
            records.add(encoded);
            bytes += encoded.length;
            if (bytes >= COPY_BYTES) {
                try {
                    flush();
                } catch (IOException e) {
                    failure = e;
                }
            }
        }

        void flush() throws IOException {
            if (failure != null) {
                throw failure;
            }
            byte[] all = new byte[bytes];
            int at = 0;
            for (byte[] each : records) {
                System.arraycopy(each, 0, all, at, each.length);
                at += each.length;
            }
            records.clear();
            bytes = 0;
            to.append(all);
        }
    }
}
