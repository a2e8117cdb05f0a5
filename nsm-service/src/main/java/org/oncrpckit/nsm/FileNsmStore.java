package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in rpc.statd's layout: {@code sm/} holds a file for every monitored host, {@code
 * sm.bak/} one for every host to notify, {@code state} the state number as four bytes in the byte
 * order of the machine. A {@code lock} file keeps a second monitor out.
 *
 * <p>A file is replaced by writing another one ({@code .NAME.new}), making it durable, renaming it,
 * and making the folder durable. That costs two syncs a file; so that a thousand new hosts do not
 * cost two thousand, {@link #sync} makes all changes of a batch durable in a {@link StoreJournal
 * journal} with one, and {@link #settle} does the rest when there is time. The next start puts what
 * is still in the journal in place before it reads any file, and retires hosts by the same journal:
 * however many hosts there are, a start waits for a few syncs. Whatever is not such a file (links,
 * folders, strange names, empty or torn content) is reported, left alone, and never followed.
 */
public final class FileNsmStore implements NsmStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileNsmStore.class);
    private static final RateLimitedLog NOT_PUBLISHED = new RateLimitedLog(LOG);
    private static final String JOURNAL = "journal";
    private static final String BOOT = "boot";

    /** A batch up to this size is where other programs look for it before it is promised. */
    private static final int PUBLISHED_FIRST_MAX = 16;

    /** Files that one {@link #publish} writes. */
    private static final int PUBLISHED_AT_ONCE = 64;

    /** Files that one {@link #settle} makes durable. */
    private static final int SETTLED_AT_ONCE = 16;

    private static final Opaque REMOVED = Opaque.EMPTY;

    private final Path folder;
    private final FileSteps steps;
    private final StateFiles files;
    private final StateNumberFile number;
    private final StateFolderLock lock;
    private final StoreJournal journal;
    private final BootMark boot;
    private boolean wasBoot;

    /** Changes since the last sync: what each file is to hold. */
    private final Map<Path, Opaque> changes = new LinkedHashMap<>();

    /** Durable in the journal, and not in place yet. */
    private final Map<Path, Opaque> unpublished = new LinkedHashMap<>();

    /** In place, and there perhaps not durable yet. */
    private final Map<Path, Opaque> unsettled = new LinkedHashMap<>();

    /** Files that the journal tells of: its last word on each is what a restart makes true. */
    private final Set<Path> journaled = new HashSet<>();

    /** Length of the journal after {@link #retire}; the limit is for what comes on top. */
    private long leftByTheStart;

    /** Folders with changes that the journal has as well. */
    private final Set<Path> publishedIn = new LinkedHashSet<>();

    private FileNsmStore(Path folder, FileSteps steps, InstantSource clock, StateFolderLock lock) {
        this.folder = folder;
        this.steps = steps;
        this.files = new StateFiles(folder, steps);
        this.number = new StateNumberFile(folder, files, clock);
        this.lock = lock;
        this.boot = new BootMark(folder.resolve(BOOT));
        this.journal = new StoreJournal(folder.resolve(JOURNAL), steps);
    }

    /**
     * Opens the folder, which is made if it is missing, and locks it.
     *
     * @throws IOException when the folder cannot be used; the message says who has it
     */
    public static FileNsmStore open(Path folder) throws IOException {
        return open(folder, new DiskSteps(), InstantSource.system());
    }

    static FileNsmStore open(Path folder, FileSteps steps, InstantSource clock) throws IOException {
        Objects.requireNonNull(folder, "folder");
        FileNsmStore store;
        try {
            for (Section each : Section.values()) {
                Files.createDirectories(StateFiles.folder(folder, each));
            }
            store = new FileNsmStore(folder, steps, clock, StateFolderLock.take(folder));
        } catch (FileSystemException e) {
            // Its message is often nothing but the path: what is wrong is in the name of the class.
            throw new IOException("state folder " + folder + " cannot be used: " + e, e);
        }
        boolean usable = false;
        try {
            store.files.removeTemporaries();
            store.replay();
            usable = true;
            return store;
        } finally {
            if (!usable) {
                store.lock.close();
            }
        }
    }

    /** Files that {@link #retire} or {@link #nextState} could not make sense of, and why. */
    public List<String> skipped() {
        return files.skipped();
    }

    @Override
    public int nextState() throws IOException {
        return number.next();
    }

    @Override
    public List<HostRecord> retire() throws IOException {
        publishAll();
        boolean sameBoot = boot.current().isPresent() && boot.current().equals(boot.last());
        wasBoot = !sameBoot;
        Map<Path, HostRecord> found = new LinkedHashMap<>();
        for (Section section :
                sameBoot
                        ? List.of(Section.TO_NOTIFY, Section.MONITORED)
                        : List.of(Section.TO_NOTIFY, Section.MONITORED, Section.KEPT)) {
            for (Path file : files.list(section)) {
                files.readHost(file).ifPresent(record -> found.put(file, record));
            }
        }
        if (sameBoot) {
            keepCallBacks(found);
        }
        Map<HostKey, HostRecord> toNotify = new LinkedHashMap<>();
        Set<HostKey> inSeveralFiles = new HashSet<>();
        for (HostRecord each : found.values()) {
            HostRecord before = toNotify.get(each.key());
            toNotify.put(each.key(), before == null ? each : each.mergedWith(before));
            if (before != null) {
                inSeveralFiles.add(each.key());
            }
        }
        Map<Path, Path> moves = new LinkedHashMap<>();
        found.forEach(
                (file, record) -> {
                    HostRecord all = Objects.requireNonNull(toNotify.get(record.key()), "merged");
                    retire(file, all, inSeveralFiles.contains(record.key()), moves);
                });
        promise(takeChanges());
        publishAll();
        // Not before: what is kept must be durable, or a crash between would forget it.
        for (Map.Entry<Path, Path> each : moves.entrySet()) {
            files.move(each.getKey(), each.getValue());
        }
        files.syncFolders();
        if (!sameBoot) {
            files.replace(boot.file(), boot.content());
            files.syncFolders();
        }
        leftByTheStart = journal.length();
        return List.copyOf(toNotify.values());
    }

    @Override
    public boolean wasBoot() {
        return wasBoot;
    }

    @Override
    public List<HostRecord> kept() throws IOException {
        List<HostRecord> all = new ArrayList<>();
        for (Path file : files.list(Section.KEPT)) {
            files.readHost(file).ifPresent(all::add);
        }
        return all;
    }

    /** Adds those of the hosts that are going to be notified to what is kept already. */
    private void keepCallBacks(Map<Path, HostRecord> found) throws IOException {
        Map<HostKey, HostRecord> all = new LinkedHashMap<>();
        kept().forEach(record -> all.put(record.key(), record));
        for (Map.Entry<Path, HostRecord> each : found.entrySet()) {
            Optional<HostRecord> record = each.getValue().ofCallBacks();
            if (record.isPresent() && isIn(Section.MONITORED, each.getKey())) {
                HostRecord now = record.get();
                HostRecord before = all.get(now.key());
                save(Section.KEPT, before == null ? now : now.mergedWith(before));
            }
        }
    }

    private boolean isIn(Section section, Path file) {
        return StateFiles.folderOf(file).equals(files.folder(section));
    }

    /**
     * Brings one file to its place among those to notify, where others of the host may be. A file
     * that the journal tells of goes by the journal, which would bring it back.
     */
    private void retire(Path file, HostRecord all, boolean others, Map<Path, Path> moves) {
        Path target = files.folder(Section.TO_NOTIFY).resolve(HostFileName.of(all.address()));
        if (file.equals(target)) {
            return;
        }
        boolean durable = !journaled.contains(file) && !journaled.contains(target);
        if (durable && !others && file.endsWith(target.getFileName())) {
            moves.put(file, target);
        } else {
            // There before it goes here: a torn entry of the journal must not forget the host.
            changes.put(target, Opaque.copyOf(RecordText.encode(all)));
            changes.put(file, REMOVED);
        }
    }

    @Override
    public void save(Section section, HostRecord record) throws IOException {
        String name = HostFileName.of(record.address());
        if (HostFileName.parse(name).isEmpty()) {
            throw new IOException(
                    record.address().getHostAddress() + " cannot be written as a file name");
        }
        changes.put(files.folder(section).resolve(name), Opaque.copyOf(RecordText.encode(record)));
    }

    @Override
    public void remove(Section section, InetAddress address) throws IOException {
        Path in = files.folder(section);
        Path file = in.resolve(HostFileName.of(address));
        if (journaled.contains(file) || changes.containsKey(file)) {
            changes.put(file, REMOVED);
        } else {
            // Nothing can bring it back, so it needs no entry, and no room on a full disk.
            files.delete(file);
        }
    }

    @Override
    public void sync() throws IOException {
        Map<Path, Opaque> batch = takeChanges();
        if (!batch.isEmpty() && journal.length() - leftByTheStart >= StoreJournal.LENGTH_MAX) {
            settleAll();
        }
        promise(batch);
        if (unpublished.size() <= PUBLISHED_FIRST_MAX) {
            publish();
        }
    }

    /** The changes since the last time: whether they can be promised or not, none comes again. */
    private Map<Path, Opaque> takeChanges() {
        Map<Path, Opaque> batch = new LinkedHashMap<>(changes);
        changes.clear();
        return batch;
    }

    /** Makes changes durable: those of folders in their places, the others in the journal. */
    private void promise(Map<Path, Opaque> batch) throws IOException {
        // Whatever can fail comes before the journal: once that is durable, all of it is true.
        files.syncFolders();
        if (batch.isEmpty()) {
            return;
        }
        List<StoreJournal.Entry> entries = new ArrayList<>(batch.size());
        batch.forEach(
                (file, content) ->
                        entries.add(new StoreJournal.Entry(StateFiles.place(file), content)));
        journal.append(entries);
        promised(batch);
    }

    @Override
    public boolean publish() {
        List<Path> some = unpublished.keySet().stream().limit(PUBLISHED_AT_ONCE).toList();
        for (Path each : some) {
            try {
                publish(each);
            } catch (IOException e) {
                // The promise holds, the journal has it. Settling tries again, and must succeed.
                NOT_PUBLISHED.warn("{} is only in the journal: {}", each, e.getMessage());
                return false;
            }
        }
        return !unpublished.isEmpty();
    }

    @Override
    public boolean isSettled() {
        return unpublished.isEmpty() && unsettled.isEmpty();
    }

    @Override
    public void settle() throws IOException {
        for (Path each : unpublished.keySet().stream().limit(SETTLED_AT_ONCE).toList()) {
            publish(each);
        }
        for (Path each : unsettled.keySet().stream().limit(SETTLED_AT_ONCE).toList()) {
            settle(each);
        }
        if (isSettled()) {
            publishedIn.forEach(files::changedIn);
            publishedIn.clear();
            files.syncFolders();
            journal.clear();
            journaled.clear();
            leftByTheStart = 0;
        }
    }

    /**
     * Makes everything durable in its place, empties the journal, and gives the folder free, also
     * when the former fails: the journal has it for the next start.
     */
    @Override
    public void close() throws IOException {
        if (!lock.isHeld()) {
            return;
        }
        try {
            settleAll();
        } finally {
            lock.close();
        }
    }

    private void replay() throws IOException {
        Map<Path, Opaque> last = new LinkedHashMap<>();
        for (StoreJournal.Entry each : journal.read()) {
            Optional<Path> file = files.at(each.place());
            if (file.isPresent()) {
                last.put(file.get(), each.content());
            } else {
                files.skip(folder.resolve(JOURNAL), "an entry that is no host's: " + each.place());
            }
        }
        if (last.isEmpty()) {
            journal.clear();
        } else {
            promised(last);
            publishAll();
        }
    }

    private void publishAll() throws IOException {
        for (Path each : List.copyOf(unpublished.keySet())) {
            publish(each);
        }
    }

    private void settleAll() throws IOException {
        while (!isSettled()) {
            settle();
        }
    }

    private void promised(Map<Path, Opaque> batch) {
        batch.forEach(
                (file, content) -> {
                    unsettled.remove(file);
                    unpublished.put(file, content);
                    journaled.add(file);
                });
    }

    private void publish(Path file) throws IOException {
        Opaque content = Objects.requireNonNull(unpublished.get(file), "content");
        if (content.length() == 0) {
            steps.delete(file);
        } else {
            files.write(file, content.toByteArray(), false);
        }
        publishedIn.add(StateFiles.folderOf(file));
        unpublished.remove(file);
        unsettled.put(file, content);
    }

    private void settle(Path file) throws IOException {
        Opaque content = Objects.requireNonNull(unsettled.get(file), "content");
        if (content.length() > 0) {
            try {
                steps.syncFile(file);
            } catch (NoSuchFileException e) {
                // Somebody else deleted it; the host is monitored all the same.
                files.replace(file, content.toByteArray());
            }
        }
        unsettled.remove(file);
    }
}
