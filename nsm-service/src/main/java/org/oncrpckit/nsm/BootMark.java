package org.oncrpckit.nsm;

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
    /** The mark of this boot; empty where the system has none, and then every start is a boot. */
    Optional<String> current() {
        return BootId.current();
    }

    /** The mark that the last start left. */
    Optional<String> last() {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? BootId.read(file)
                : Optional.empty();
    }

    /** What the file is to hold from now on. */
    byte[] content() {
        return (current().orElse("none") + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
