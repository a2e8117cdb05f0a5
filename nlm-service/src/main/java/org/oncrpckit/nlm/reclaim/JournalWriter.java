package org.oncrpckit.nlm.reclaim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.reclaim.JournalRecord.Stopped;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a journal as it grows: records are appended, and when it has become much longer than
 * need be it is written anew in the background. When a write fails it ends for good, and the file
 * is removed, so that the next run does not believe it. Thread-safe. Threads of callers write; one
 * at a time, the others wait for it.
 */
final class JournalWriter {
    /** What is appended during a rewrite is copied without a lock while it is longer than this. */
    private static final long COPY_BYTES_LOCKED = 64 * 1024;

    private static final int COPIES_MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final RateLimitedLog REWRITES = new RateLimitedLog(LOG);

    private final Path file;
    private final Executor rewriter;
    private final Backlog backlog = new Backlog();
    private volatile @Nullable String failure;
    private volatile boolean closed;
    private volatile boolean rewritable;

    /** Held while the file is written: for nothing but the file. */
    private final Object fileLock = new Object();

    @GuardedBy("fileLock")
    private JournalFile out;

    @GuardedBy("fileLock")
    private long rewriteAt;

    @GuardedBy("fileLock")
    private boolean rewriting;

    /**
     * Goes on with a file that has been begun and is in its place.
     *
     * @param rewriter runs the rewrites
     */
    JournalWriter(Path file, JournalFile out, Executor rewriter) {
        this.file = file;
        this.out = out;
        this.rewriter = rewriter;
        this.rewriteAt = rewriteAt(out.size());
    }

    /** Whether anything that is told is kept; once false, it stays false. */
    boolean isKept() {
        return failure == null && !closed;
    }

    /** Why nothing is kept any more; null when that is not so, or was meant to be. */
    @Nullable String failure() {
        return failure;
    }

    /** The grace period is over: from now on the current run is all that counts. */
    void allowRewrites() {
        rewritable = true;
    }

    /** Adds a record; {@link #write} has to follow. */
    void tell(JournalRecord entry) {
        if (isKept() && !backlog.add(JournalFormat.encode(entry))) {
            synchronized (fileLock) {
                fail("more than " + Backlog.BYTES_MAX + " bytes are not written yet");
            }
        }
    }

    /** Returns when all that this thread has told is with the operating system. */
    void write() {
        synchronized (fileLock) {
            byte[] bytes = backlog.take();
            if (bytes.length == 0 || !isKept()) {
                return;
            }
            try {
                out.append(bytes);
            } catch (IOException e) {
                fail(e.getMessage());
                return;
            }
            if (out.size() < rewriteAt || rewriting || !rewritable) {
                return;
            }
            rewriting = true;
        }
        rewriter.execute(this::rewrite);
    }

    /** Ends in order. */
    void close() {
        synchronized (fileLock) {
            if (!isKept()) {
                return;
            }
            try {
                out.append(backlog.take());
                out.append(JournalFormat.encode(new Stopped()));
                out.sync();
                out.close();
            } catch (IOException e) {
                fail(e.getMessage());
            }
            closed = true;
        }
    }

    /** How long the file is. */
    long size() {
        synchronized (fileLock) {
            return out.size();
        }
    }

    @GuardedBy("fileLock")
    private void fail(@Nullable String reason) {
        if (failure != null) {
            return;
        }
        failure = String.valueOf(reason);
        String removed = "it is removed";
        try {
            out.close();
        } catch (IOException e) {
            LOG.debug("{} cannot be closed", file, e);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            removed = "it cannot be removed: do that before the next start (" + e + ")";
        }
        LOG.error(
                "{} cannot be written: {}; {}. Reclaims are trusted from now on and at the next"
                        + " start; mend the disk and restart nlmd",
                file,
                reason,
                removed);
    }

    private void rewrite() {
        long began = size();
        try {
            JournalFile draft = JournalFile.draft(file);
            try {
                JournalRewrite rewrite = new JournalRewrite(file, draft);
                rewrite.condense(began);
                long copied = catchUp(rewrite, began);
                draft.sync();
                switchTo(draft, rewrite, copied);
            } catch (IOException | RuntimeException e) {
                draft.discard();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            REWRITES.warn("{} cannot be written anew, and goes on growing: {}", file, e.toString());
            synchronized (fileLock) {
                rewriteAt = rewriteAt(out.size());
            }
        } finally {
            synchronized (fileLock) {
                rewriting = false;
            }
        }
    }

    /** Copies what has been appended meanwhile, until little is left for {@link #switchTo}. */
    private long catchUp(JournalRewrite rewrite, long from) throws IOException {
        long copied = from;
        for (int i = 0; i < COPIES_MAX; i++) {
            long end = size();
            rewrite.copy(copied, end);
            boolean close = end - copied < COPY_BYTES_LOCKED;
            copied = end;
            if (close) {
                break;
            }
        }
        return copied;
    }

    private void switchTo(JournalFile draft, JournalRewrite rewrite, long copied)
            throws IOException {
        JournalFile old;
        synchronized (fileLock) {
            if (!isKept()) {
                draft.discard();
                return;
            }
            rewrite.copy(copied, out.size());
            draft.publish();
            old = out;
            out = draft;
            rewriteAt = rewriteAt(draft.size());
        }
        LOG.debug("{}: {} bytes instead of {}", file, draft.size(), old.size());
        try {
            old.close();
            draft.syncFolder();
        } catch (IOException e) {
            REWRITES.warn("{}: written anew, but not durably: {}", file, e.toString());
        }
    }

    private static long rewriteAt(long size) {
        return Math.max(
                FileReclaimJournal.REWRITE_BYTES_MIN, FileReclaimJournal.REWRITE_FACTOR * size);
    }
}
