package org.oncrpckit.nsm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The steps by which the store changes the file system. Each of them may be the last one that the
 * process takes; tests end it at every one.
 */
interface FileSteps {
    /** Creates a file that is not there, for this user only. */
    void create(Path file) throws IOException;

    /** Appends bytes to a file; a crash may leave any part of them. */
    void append(Path file, byte[] bytes) throws IOException;

    /** Cuts a file off behind its first bytes. */
    void truncate(Path file, long length) throws IOException;

    /** Makes the content of a file durable. */
    void syncFile(Path file) throws IOException;

    /** Gives a file another name in place of whatever has it, all or nothing. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, if it is there. */
    void delete(Path file) throws IOException;

    /** Makes the names in a folder durable. */
    void syncFolder(Path folder) throws IOException;
}
