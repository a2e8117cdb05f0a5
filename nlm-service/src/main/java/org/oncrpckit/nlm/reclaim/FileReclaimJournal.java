package org.oncrpckit.nlm.reclaim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.nlm.reclaim.JournalRecord.Freed;
import org.oncrpckit.nlm.reclaim.JournalRecord.GraceOver;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.HostReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.OwnerReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.Started;
import org.oncrpckit.nlm.reclaim.JournalRecord.Stopped;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a file that is only appended to, and written anew from time to time without what has
 * been given back. A record is with the operating system before anybody is told of it; it is not
 * synced, so a loss of power can take the newest ones, which the next run recognises.
 *
 * <p>When a write fails, everything is trusted from then on, and the file is removed, so that the
 * next run does not believe it. Thread-safe. Threads of callers write; one at a time, the others
 * wait for it.
 */
public final class FileReclaimJournal implements ReclaimJournal {
    /** No journal is written anew below this size. */
    public static final long REWRITE_BYTES_MIN = 4L << 20;

    /** How many times as long as after it was last written anew it may become. */
    public static final int REWRITE_FACTOR = 4;

    /** What is appended during a rewrite is copied without a lock while it is longer than this. */
    private static final long COPY_BYTES_LOCKED = 64 * 1024;

    private static final int COPIES_MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(FileReclaimJournal.class);

    private final Path file;
    private final Executor rewriter;
    private final Backlog backlog = new Backlog();

    /** What can be reclaimed in this run. */
    @GuardedBy("former")
    private final HeldLocks former;

    /** Why reclaims are trusted, first because of the run before. */
    private volatile Optional<String> doubt;

    private volatile @Nullable String failure;
    private volatile boolean closed;
    private volatile boolean graceOver;

    /** Held while the file is written: for nothing but the file. */
    private final Object fileLock = new Object();

    @GuardedBy("fileLock")
    private JournalFile out;

    @GuardedBy("fileLock")
    private long rewriteAt;

    @GuardedBy("fileLock")
    private boolean rewriting;

    private FileReclaimJournal(Path file, FormerRun before, JournalFile out, Executor rewriter) {
        this.file = file;
        this.former = before.locks();
        this.doubt = before.doubt();
        this.out = out;
        this.rewriter = rewriter;
        this.rewriteAt = rewriteAt(out.size());
    }

    /**
     * Reads what the run before has left, and begins a new journal with it.
     *
     * @param file where; its folder must exist, and be this process's alone
     * @param bootId which boot of the host this is; empty when the system does not say, and then
     *     only a journal that was ended in order is believed
     * @param rewriter runs the rewrites, which read and write files: not on a caller's thread
     * @throws IOException when it cannot be read, or not be written
     */
    public static FileReclaimJournal open(Path file, String bootId, Executor rewriter)
            throws IOException {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(bootId, "bootId");
        Objects.requireNonNull(rewriter, "rewriter");
        FormerRun before = FormerRun.read(file, bootId);
        before.locks().becomeFormer();
        JournalFile out = JournalFile.draft(file);
        try {
            if (before.doubt().isEmpty()) {
                JournalRewrite.Batch batch = new JournalRewrite.Batch(out);
                before.locks().eachFormer(batch::add);
                batch.flush();
            }
            out.append(JournalFormat.encode(new Started(before.doubt().isPresent(), bootId)));
            out.sync();
            out.publish();
            out.syncFolder();
        } catch (IOException e) {
            out.discard();
            throw e;
        }
        before.doubt().ifPresent(reason -> LOG.info("reclaims are trusted this time: {}", reason));
        return new FileReclaimJournal(file, before, out, rewriter);
    }

    /**
     * Removes a journal that will not be kept any more, and would not be true later.
     *
     * @throws IOException when it is there and cannot be removed
     */
    public static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public boolean isKept() {
        return failure == null && !closed;
    }

    @Override
    public void held(Opaque host, HeldLock lock) {
        tell(new Held(HolderKey.of(host, lock.owner(), lock.file()), lock.range(), lock.mode()));
    }

    @Override
    public void freed(Opaque host, LockOwner owner, FileId of, LockRange range) {
        tellAndForget(new Freed(HolderKey.of(host, owner, of), range));
    }

    @Override
    public void ownerReleased(Opaque host, LockOwner owner) {
        tellAndForget(new OwnerReleased(host, HolderKey.owner(owner)));
    }

    @Override
    public void hostReleased(Opaque host) {
        tellAndForget(new HostReleased(host));
    }

    @Override
    public boolean mayReclaim(Opaque host, LockRequest request) {
        if (graceOver || doubt.isPresent() || !isKept()) {
            return true;
        }
        HolderKey holder = HolderKey.of(host, request.owner(), request.file());
        synchronized (former) {
            return former.covers(holder, request.range(), request.mode());
        }
    }

    @Override
    public void graceOver() {
        if (!isKept()) {
            return;
        }
        graceOver = true;
        doubt = Optional.empty();
        synchronized (former) {
            former.apply(new GraceOver());
        }
        tell(new GraceOver());
        write();
    }

    @Override
    public String mode() {
        String reason = failure;
        if (reason != null) {
            return "trust (the journal failed: " + reason + ")";
        }
        return doubt.map(why -> "trust until grace is over (" + why + ")").orElse("verify");
    }

    @Override
    public void write() {
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
            if (out.size() < rewriteAt || rewriting || !graceOver) {
                return;
            }
            rewriting = true;
        }
        rewriter.execute(this::rewrite);
    }

    @Override
    public void close() {
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

    private void tell(JournalRecord entry) {
        if (isKept() && !backlog.add(JournalFormat.encode(entry))) {
            synchronized (fileLock) {
                fail("more than " + Backlog.BYTES_MAX + " bytes are not written yet");
            }
        }
    }

    private void tellAndForget(JournalRecord entry) {
        if (!graceOver) {
            synchronized (former) {
                former.apply(entry);
            }
        }
        tell(entry);
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
            LOG.warn("{} cannot be written anew, and goes on growing: {}", file, e.toString());
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
            LOG.warn("{}: written anew, but not durably: {}", file, e.toString());
        }
    }

    private static long rewriteAt(long size) {
        return Math.max(REWRITE_BYTES_MIN, REWRITE_FACTOR * size);
    }
}
