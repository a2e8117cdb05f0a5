package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The name that Linux gives to each boot of a host. */
public final class BootId {
    private static final Path CURRENT = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int LENGTH_MAX = 64;

    private BootId() {}

    /** Of this boot; empty where the system has none. */
    public static Optional<String> current() {
        return read(CURRENT);
    }

    /** The one in a file; empty when it holds none, or something too long. */
    static Optional<String> read(Path from) {
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
