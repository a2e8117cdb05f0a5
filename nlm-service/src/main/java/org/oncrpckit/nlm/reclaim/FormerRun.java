package org.oncrpckit.nlm.reclaim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the run before has left.
 *
 * @param contents what it held
 * @param doubt why something may be missing in it; empty when nothing can
 */
record FormerRun(JournalContents contents, Optional<String> doubt) {
    /** What is put behind the name of a file that makes no sense and is kept for people. */
    static final String UNREADABLE_SUFFIX = ".unreadable";

    private static final Logger LOG = LoggerFactory.getLogger(FormerRun.class);

    /**
     * Reads the journal in this place. A file that makes no sense is put aside.
     *
     * @param bootId which boot this is; empty when the system does not say
     */
    static FormerRun read(Path file, String bootId) throws IOException {
        JournalContents contents = new JournalContents(holder -> true);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new FormerRun(contents, Optional.of("the run before kept no journal"));
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file: move it away");
        }
        JournalReader.Result result = JournalReader.read(file, Long.MAX_VALUE, contents::apply);
        switch (result.end()) {
            case FOREIGN -> {
                return new FormerRun(
                        contents,
                        Optional.of(putAside(file, "not one of ours, or of another version")));
            }
            case DAMAGED -> {
                String where = "damaged behind byte " + result.good();
                return new FormerRun(contents, Optional.of(putAside(file, where)));
            }
            case TORN ->
                    LOG.info(
                            "{}: the last {} bytes are no whole record; nobody was told of it",
                            file,
                            Files.size(file) - result.good());
            case WHOLE -> {}
        }
        return new FormerRun(contents, doubt(contents, bootId));
    }

    private static Optional<String> doubt(JournalContents contents, String bootId) {
        JournalRecord.Started started = contents.started();
        if (started == null) {
            return Optional.of("the journal does not say how its run began");
        }
        boolean sameBoot = !bootId.isEmpty() && bootId.equals(started.bootId());
        if (!contents.isStopped() && !sameBoot) {
            return Optional.of("the host went down while it was written: its end may be missing");
        }
        return started.incomplete() && !contents.isGraceOver()
                ? Optional.of("the run before could not tell either, and ended within its grace")
                : Optional.empty();
    }

    private static String putAside(Path file, String reason) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + UNREADABLE_SUFFIX);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        return "the journal is " + reason + ", and is now " + aside;
    }
}
