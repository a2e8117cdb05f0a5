package org.oncrpckit.nlm.reclaim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nlm.reclaim.JournalRecord.Freed;
import org.oncrpckit.nlm.reclaim.JournalRecord.GraceOver;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.HostReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.OwnerReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareReturned;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareTaken;
import org.oncrpckit.nlm.reclaim.JournalRecord.Started;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a file that is only appended to, and written anew from time to time without what has
 * been given back. A record is with the operating system before anybody is told of it; it is not
 * synced, so a loss of power can take the newest ones, which the next run recognises.
 *
 * <p>When a write fails, everything is trusted from then on, and the file is removed, so that the
 * next run does not believe it. Thread-safe. Threads of callers write, see {@link JournalWriter}.
 */
public final class FileReclaimJournal implements ReclaimJournal {
    /** No journal is written anew below this size. */
    public static final long REWRITE_BYTES_MIN = 4L << 20;

    /** How many times as long as after it was last written anew it may become. */
    public static final int REWRITE_FACTOR = 4;

    private static final Logger LOG = LoggerFactory.getLogger(FileReclaimJournal.class);

    private final JournalWriter writer;

    /** What can be reclaimed in this run. */
    @GuardedBy("former")
    private final JournalContents former;

    /** Why reclaims are trusted, first because of the run before. */
    private volatile Optional<String> doubt;

    private volatile boolean graceOver;

    private FileReclaimJournal(FormerRun before, JournalWriter writer) {
        this.former = before.contents();
        this.doubt = before.doubt();
        this.writer = writer;
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
        before.contents().becomeFormer();
        JournalFile out = JournalFile.draft(file);
        try {
            if (before.doubt().isEmpty()) {
                JournalRewrite.Batch batch = new JournalRewrite.Batch(out);
                before.contents().eachFormer(batch::add);
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
        return new FileReclaimJournal(before, new JournalWriter(file, out, rewriter));
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
        return writer.isKept();
    }

    @Override
    public void held(Opaque host, HeldLock lock) {
        writer.tell(
                new Held(HolderKey.of(host, lock.owner(), lock.file()), lock.range(), lock.mode()));
    }

    @Override
    public void freed(Opaque host, LockOwner owner, FileId of, LockRange range) {
        tellAndForget(new Freed(HolderKey.of(host, owner, of), range));
    }

    @Override
    public void shareTaken(Opaque host, LockOwner owner, FileId of, ShareMode mode) {
        writer.tell(new ShareTaken(HolderKey.of(host, owner, of), mode, 1));
    }

    @Override
    public void shareReturned(Opaque host, LockOwner owner, FileId of, ShareMode mode) {
        tellAndForget(new ShareReturned(HolderKey.of(host, owner, of), mode));
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
        HolderKey holder = HolderKey.of(host, request.owner(), request.file());
        return isTrusting() || former(was -> was.covers(holder, request.range(), request.mode()));
    }

    @Override
    public boolean mayReclaimShare(Opaque host, LockOwner owner, FileId of, ShareMode mode) {
        HolderKey holder = HolderKey.of(host, owner, of);
        return isTrusting() || former(was -> was.hasShare(holder, mode));
    }

    private boolean isTrusting() {
        return graceOver || doubt.isPresent() || !isKept();
    }

    private boolean former(Predicate<JournalContents> question) {
        synchronized (former) {
            return question.test(former);
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
        writer.allowRewrites();
        writer.tell(new GraceOver());
        writer.write();
    }

    @Override
    public String mode() {
        String reason = writer.failure();
        if (reason != null) {
            return "trust (the journal failed: " + reason + ")";
        }
        return doubt.map(why -> "trust until grace is over (" + why + ")").orElse("verify");
    }

    @Override
    public void write() {
        writer.write();
    }

    @Override
    public void close() {
        writer.close();
    }

    /** How long the file is. */
    long size() {
        return writer.size();
    }

    private void tellAndForget(JournalRecord entry) {
        if (!graceOver) {
            synchronized (former) {
                former.apply(entry);
            }
        }
        writer.tell(entry);
    }
}
