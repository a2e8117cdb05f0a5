package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.oncrpckit.nsm.NsmStore.Section;

/**
 * The file with the state number: four bytes in the byte order of the machine, as rpc.statd has it.
 *
 * <p>The first number is made from the clock, and so is one in place of a number that is lost or
 * torn: hosts take a number that they have seen for a repetition, and a folder that vanishes with a
 * container would start over with numbers that they have seen.
 */
final class StateNumberFile {
    private static final String NAME = "state";

    private final Path file;
    private final StateFiles files;
    private final InstantSource clock;

    StateNumberFile(Path root, StateFiles files, InstantSource clock) {
        this.file = root.resolve(NAME);
        this.files = files;
        this.clock = clock;
    }

    /** The number of this start, durable. */
    int next() throws IOException {
        int next = StateNumber.after(last());
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(next)
                        .array();
        files.replace(file, bytes);
        files.syncFolders();
        return next;
    }

    private int last() throws IOException {
        byte[] bytes;
        try {
            bytes = files.read(file, Integer.BYTES);
        } catch (NoSuchFileException e) {
            boolean first =
                    files.list(Section.MONITORED).isEmpty()
                            && files.list(Section.TO_NOTIFY).isEmpty();
            return first ? fromClock() : replaced("missing, though there are hosts");
        } catch (BadRecordException e) {
            return replaced(e.reason());
        }
        if (bytes.length != Integer.BYTES) {
            return replaced(bytes.length + " bytes (expected: " + Integer.BYTES + ")");
        }
        int last = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
        return last >= 0 ? last : replaced("number " + last);
    }

    private int replaced(String why) {
        files.skip(file, why);
        return fromClock();
    }

    private int fromClock() {
        return (int) (clock.instant().getEpochSecond() & Integer.MAX_VALUE);
    }
}
