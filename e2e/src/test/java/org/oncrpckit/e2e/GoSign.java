package org.oncrpckit.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that appears when jobs in guests may go on.
 *
 * @param file where the driver creates it
 * @param inGuest the same place as a guest sees it, for {@code lk.py}'s waitfile
 */
record GoSign(Path file, String inGuest) {
    void give() throws IOException {
        Files.createFile(file);
    }
}
