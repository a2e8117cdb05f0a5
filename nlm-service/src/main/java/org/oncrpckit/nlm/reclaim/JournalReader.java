package org.oncrpckit.nlm.reclaim;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Reads a journal from its beginning, one record in memory at a time. */
final class JournalReader {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** How the bytes end. */
    enum End {
        /** With a whole record. */
        WHOLE,
        /** In the middle of a record, as a kill leaves it. */
        TORN,
        /** With a record that is there and is not what was written: a kill does not do that. */
        DAMAGED,
        /** This is no journal, or one of another version. */
        FOREIGN
    }

    /**
     * What was found.
     *
     * @param end how it ends
     * @param good how many bytes at the beginning make sense
     */
    record Result(End end, long good) {}

    private JournalReader() {}

    /**
     * Reads.
     *
     * @param limit how many bytes of the file to look at
     * @param records gets each whole record
     */
    static Result read(Path file, long limit, Consumer<JournalRecord> records) throws IOException {
        try (InputStream in =
                new BufferedInputStream(
                        Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), BUFFER_BYTES)) {
            byte[] header = in.readNBytes(JournalFormat.HEADER_BYTES);
            if (!Arrays.equals(header, JournalFormat.header())) {
                return new Result(End.FOREIGN, 0);
            }
            long good = header.length;
            ByteBuffer framed =
                    ByteBuffer.allocate(JournalFormat.FRAME_BYTES + JournalFormat.BODY_BYTES_MAX);
            while (good < limit) {
                int got = in.readNBytes(framed.array(), 0, JournalFormat.FRAME_BYTES);
                if (got < JournalFormat.FRAME_BYTES) {
                    return new Result(got == 0 ? End.WHOLE : End.TORN, good);
                }
                OptionalInt announced = JournalFormat.bodyLength(framed);
                if (announced.isEmpty()) {
                    return new Result(End.DAMAGED, good);
                }
                int length = announced.getAsInt();
                if (in.readNBytes(framed.array(), JournalFormat.FRAME_BYTES, length) < length) {
                    return new Result(End.TORN, good);
                }
                Optional<JournalRecord> entry = decode(framed, length);
                if (entry.isEmpty()) {
                    return new Result(End.DAMAGED, good);
                }
                records.accept(entry.get());
                good += JournalFormat.FRAME_BYTES + length;
            }
            return new Result(End.WHOLE, good);
        }
    }

    private static Optional<JournalRecord> decode(ByteBuffer framed, int length) {
        if (framed.getInt(Integer.BYTES) != JournalFormat.checksum(framed, length)) {
            return Optional.empty();
        }
        return JournalFormat.decode(framed.slice(JournalFormat.FRAME_BYTES, length));
    }
}
