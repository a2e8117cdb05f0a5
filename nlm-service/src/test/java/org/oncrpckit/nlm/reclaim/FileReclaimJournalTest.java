package org.oncrpckit.nlm.reclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.Share;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.xdr.Opaque;

/** The journal's file: how it grows, is written anew, is damaged, and is found by the next run. */
class FileReclaimJournalTest {
    private static final String BOOT = "this boot";
    private static final Opaque HOST = Opaque.ofUtf8("10.0.1.1");
    private static final FileId FILE = FileId.of("file".getBytes(StandardCharsets.US_ASCII));

    private static final ShareMode DENY_WRITE = new ShareMode(Share.READ, Share.WRITE);

    /** Enough for 4 MiB, which is when a journal is written anew. */
    private static final int MANY = 100_000;

    @TempDir private Path folder;
    private Path file;
    private final Queue<Runnable> rewrites = new ArrayDeque<>();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("held.journal");
    }

    @Test
    void whatHasGrownIsWrittenAnewWithExactlyWhatIsHeld() throws IOException {
        FileReclaimJournal journal = begin();
        BitSet held = new BitSet();
        Random random = new Random(20080314);
        for (int i = 0; i < MANY; i++) {
            change(journal, 1, held, random.nextInt(100));
        }
        assertThat(rewrites).as("one at a time").hasSize(1);
        assertThat(journal.size()).isGreaterThan(FileReclaimJournal.REWRITE_BYTES_MIN);
        rewrites.remove().run();
        assertThat(journal.size()).isLessThan(16 * 1024).isEqualTo(Files.size(file));
        change(journal, 1, held, 100);
        assertReclaimable(held, 1, next());
    }

    @Test
    void whatIsWrittenDuringARewriteIsNotLost() throws Exception {
        FileReclaimJournal journal = begin();
        List<BitSet> held = List.of(new BitSet(), new BitSet());
        AtomicBoolean rewritten = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        while (rewrites.isEmpty()) {
            change(journal, 0, held.get(0), 7);
        }
        Runnable rewrite = rewrites.remove();
        for (int owner = 0; owner < held.size(); owner++) {
            writers.add(writer(journal, owner, held.get(owner), rewritten));
        }
        writers.forEach(Thread::start);
        rewrite.run();
        rewritten.set(true);
        for (Thread each : writers) {
            each.join();
        }
        FileReclaimJournal next = next();
        for (int owner = 0; owner < held.size(); owner++) {
            assertReclaimable(held.get(owner), owner, next);
        }
    }

    /** Goes on until the rewrite is over, and a little longer. */
    private static Thread writer(
            FileReclaimJournal journal, int owner, BitSet held, AtomicBoolean rewritten) {
        Random random = new Random(owner);
        return new Thread(
                () -> {
                    for (int left = 1000; left > 0; left -= rewritten.get() ? 1 : 0) {
                        change(journal, owner, held, random.nextInt(100));
                    }
                });
    }

    @Test
    void aLongJournalIsReadInSeveralPasses() throws IOException {
        FileReclaimJournal journal = begin();
        List<BitSet> held = new ArrayList<>();
        Random random = new Random(1);
        for (int owner = 0; owner < 50; owner++) {
            held.add(new BitSet());
            for (int i = 0; i < 20; i++) {
                change(journal, owner, held.get(owner), random.nextInt(100));
            }
        }
        JournalFile draft = JournalFile.draft(file);
        long bytes = Files.size(file);
        new JournalRewrite(file, draft, bytes / 7).condense(bytes);
        draft.publish();
        FileReclaimJournal next = next();
        for (int owner = 0; owner < held.size(); owner++) {
            assertReclaimable(held.get(owner), owner, next);
        }
    }

    @Test
    void shareReservationsAreWrittenAnewAsOftenAsTheyAreHeld() throws IOException {
        FileReclaimJournal journal = begin();
        for (int i = 0; i < 3; i++) {
            journal.shareTaken(HOST, owner(1), FILE, DENY_WRITE);
        }
        journal.shareReturned(HOST, owner(1), FILE, DENY_WRITE);
        journal.shareTaken(HOST, owner(2), FILE, DENY_WRITE);
        journal.shareReturned(HOST, owner(2), FILE, DENY_WRITE);
        BitSet held = new BitSet();
        while (rewrites.isEmpty()) {
            change(journal, 1, held, 7);
        }
        rewrites.remove().run();
        journal.shareReturned(HOST, owner(1), FILE, DENY_WRITE);
        journal.write();
        FileReclaimJournal second = next();
        assertThat(second.mayReclaimShare(HOST, owner(1), FILE, DENY_WRITE)).isTrue();
        assertThat(second.mayReclaimShare(HOST, owner(2), FILE, DENY_WRITE)).isFalse();
        second.shareReturned(HOST, owner(1), FILE, DENY_WRITE);
        assertThat(second.mayReclaimShare(HOST, owner(1), FILE, DENY_WRITE)).isFalse();
        second.write();
        assertThat(next().mayReclaimShare(HOST, owner(1), FILE, DENY_WRITE)).isFalse();
    }

    @Test
    void aDamagedJournalIsNotCutShortByARewrite() throws IOException {
        FileReclaimJournal journal = begin();
        BitSet held = new BitSet();
        while (rewrites.isEmpty()) {
            change(journal, 1, held, 7);
        }
        flip(100_000);
        long before = Files.size(file);
        rewrites.remove().run();
        assertThat(Files.size(file)).isEqualTo(before);
        change(journal, 1, held, 8);
        assertThat(Files.size(file)).isGreaterThan(before);
        assertThat(next().mode()).contains("damaged behind byte");
    }

    @Test
    void whenNobodyWritesTheJournalFailsAndIsRemoved() throws IOException {
        FileReclaimJournal journal = begin();
        hold(journal, 1, 1);
        int records = Backlog.BYTES_MAX / 40;
        for (int i = 0; i < records && journal.isKept(); i++) {
            journal.held(HOST, lock(1, 2));
        }
        assertThat(journal.isKept()).isFalse();
        assertThat(journal.mode()).contains("bytes are not written yet");
        assertThat(journal.mayReclaim(HOST, request(2, 50))).isTrue();
        assertThat(file).doesNotExist();
        assertThat(next().mode()).contains("kept no journal");
    }

    @Test
    void noDamageOfOneByteIsTakenForTheEndThatAKillLeaves() throws IOException {
        FileReclaimJournal journal = begin();
        hold(journal, 1, 1);
        hold(journal, 2, 2);
        journal.shareTaken(HOST, owner(3), FILE, DENY_WRITE);
        journal.write();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) (damaged[at] ^ 1 << (at % Byte.SIZE));
            Files.write(file, damaged);
            assertThat(open().mode()).as("byte %s", at).startsWith("trust until grace is over");
        }
    }

    @Test
    void everyHalfRecordAtTheEndIsSkippedAndTheRestBelieved() throws IOException {
        FileReclaimJournal journal = begin();
        hold(journal, 1, 1);
        long before = Files.size(file);
        hold(journal, 2, 2);
        byte[] whole = Files.readAllBytes(file);
        for (int length = (int) before; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            FileReclaimJournal next = open();
            assertThat(next.mode()).isEqualTo("verify");
            assertThat(next.mayReclaim(HOST, request(1, 1))).isTrue();
            assertThat(next.mayReclaim(HOST, request(2, 2))).isFalse();
        }
    }

    @Test
    void afterALossOfPowerNothingIsRefused() throws IOException {
        hold(begin(), 1, 1);
        FileReclaimJournal next = FileReclaimJournal.open(file, "the next boot", rewrites::add);
        assertThat(next.mode()).contains("the host went down");
        assertThat(next.mayReclaim(HOST, request(2, 2))).isTrue();
    }

    @Test
    void aSystemThatDoesNotSayWhichBootItIsIsBelievedAfterAnOrderlyEndOnly() throws IOException {
        FileReclaimJournal first = FileReclaimJournal.open(file, "", rewrites::add);
        first.graceOver();
        hold(first, 1, 1);
        first.close();
        FileReclaimJournal second = FileReclaimJournal.open(file, "", rewrites::add);
        assertThat(second.mode()).isEqualTo("verify");
        FileReclaimJournal third = FileReclaimJournal.open(file, "", rewrites::add);
        assertThat(third.mode()).contains("the host went down");
    }

    @Test
    void aHalfWrittenSuccessorIsNotLookedAt() throws IOException {
        hold(begin(), 1, 1);
        Files.writeString(folder.resolve("held.journal.new"), "half");
        FileReclaimJournal next = next();
        assertThat(next.mode()).isEqualTo("verify");
        assertThat(next.mayReclaim(HOST, request(1, 1))).isTrue();
        assertThat(folder.resolve("held.journal.new")).doesNotExist();
    }

    @Test
    void aFolderThatIsNotThereIsAFailure() {
        file = folder.resolve("no/such/folder");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }

    /** A run whose grace period is over. */
    private FileReclaimJournal begin() throws IOException {
        FileReclaimJournal journal = open();
        journal.graceOver();
        return journal;
    }

    private FileReclaimJournal open() throws IOException {
        return FileReclaimJournal.open(file, BOOT, rewrites::add);
    }

    /** What a run finds when the one before was killed. */
    private FileReclaimJournal next() throws IOException {
        return open();
    }

    private void flip(long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0x10);
        }
    }

    /** Locks a byte that is free, and unlocks one that is held. */
    private static void change(FileReclaimJournal journal, int owner, BitSet held, int at) {
        held.flip(at);
        if (held.get(at)) {
            hold(journal, owner, at);
        } else {
            journal.freed(HOST, owner(owner), FILE, new LockRange(at, at));
            journal.write();
        }
    }

    private static void hold(FileReclaimJournal journal, int owner, int at) {
        journal.held(HOST, lock(owner, at));
        journal.write();
    }

    private static void assertReclaimable(BitSet held, int owner, FileReclaimJournal journal) {
        assertThat(journal.mode()).isEqualTo("verify");
        for (int at = 0; at <= 100; at++) {
            assertThat(journal.mayReclaim(HOST, request(owner, at)))
                    .as("byte %s of owner %s", at, owner)
                    .isEqualTo(held.get(at));
        }
    }

    private static HeldLock lock(int owner, int at) {
        return new HeldLock(FILE, owner(owner), new LockRange(at, at), LockMode.EXCLUSIVE);
    }

    private static LockRequest request(int owner, int at) {
        return new LockRequest(FILE, owner(owner), new LockRange(at, at), LockMode.EXCLUSIVE);
    }

    private static LockOwner owner(int number) {
        return LockOwner.of(new SystemId(1, 1), new byte[] {1, 2, 3}, number);
    }
}
