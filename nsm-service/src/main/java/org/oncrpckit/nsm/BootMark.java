package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a restart of the whole host from one of the process: after the former, no service is left
 * that could be called back.
 *
 * @param file where the mark of the last start is kept
 */
record BootMark(Path file) {
    /** Linux makes a new one at every boot. Without one every start counts as a boot. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int LENGTH_MAX = 64;

    /** The mark of this boot; empty where the system has none. */
    Optional<String> current() {
        return read(BOOT_ID);
    }

    /** The mark that the last start left. */
    Optional<String> last() {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? read(file) : Optional.empty();
    }

    /** What the file is to hold from now on. */
    byte[] content() {
        return (current().orElse("none") + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<String> read(Path from) {
        try {
            String text = Files.readString(from, StandardCharsets.ISO_8859_1).strip();
            return text.isEmpty() || text.length() > LENGTH_MAX
                    ? Optional.empty()
                    : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
