package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in rpc.statd's layout: {@code sm/} holds a file for every monitored host, {@code
 * sm.bak/} one for every host to notify, {@code state} the state number as four bytes in the byte
 * order of the machine. A {@code lock} file keeps a second monitor out.
 *
 * <p>A file is replaced by writing another one ({@code .NAME.new}), making it durable, renaming it,
 * and making the folder durable. Whatever is not such a file (links, folders, strange names, empty
 * or torn content) is reported, left alone, and never followed.
 */
public final class FileNsmStore implements NsmStore {
    /** Most files that are read from one folder. */
    static final int FILES_MAX = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(FileNsmStore.class);
    private static final String STATE = "state";
    private static final String LOCK = "lock";
    private static final String TEMPORARY = ".new";
    private static final int PID_LENGTH_MAX = 20;

    private final Path folder;
    private final FileSteps steps;
    private final InstantSource clock;
    private final FileChannel lock;
    private final List<String> skipped = new ArrayList<>();

    /** Folders with changes that are not durable yet. */
    private final Set<Path> unsynced = new LinkedHashSet<>();

    private FileNsmStore(Path folder, FileSteps steps, InstantSource clock, FileChannel lock) {
        this.folder = folder;
        this.steps = steps;
        this.clock = clock;
        this.lock = lock;
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
                Files.createDirectories(folder(folder, each));
            }
            store = new FileNsmStore(folder, steps, clock, lock(folder));
        } catch (FileSystemException e) {
            // Its message is often nothing but the path: what is wrong is in the name of the class.
            throw new IOException("state folder " + folder + " cannot be used: " + e, e);
        }
        try {
            store.removeTemporaries();
        } catch (IOException e) {
            store.close();
            throw e;
        }
        return store;
    }

    /** Files that {@link #retire} or {@link #nextState} could not make sense of, and why. */
    public List<String> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first number is made from the clock, and so is one in place of a number that is lost
     * or torn: hosts take a number that they have seen for a repetition, and a folder that vanishes
     * with a container would start over with numbers that they have seen.
     */
    @Override
    public int nextState() throws IOException {
        int next = StateNumber.after(lastState());
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(next)
                        .array();
        replace(folder.resolve(STATE), bytes);
        sync();
        return next;
    }

    @Override
    public List<HostRecord> retire() throws IOException {
        Map<Path, HostRecord> found = new LinkedHashMap<>();
        Map<HostKey, HostRecord> toNotify = new LinkedHashMap<>();
        Set<HostKey> inSeveralFiles = new HashSet<>();
        for (Section section : List.of(Section.TO_NOTIFY, Section.MONITORED)) {
            for (Path file : files(folder(folder, section))) {
                readHost(file).ifPresent(record -> found.put(file, record));
            }
        }
        for (HostRecord each : found.values()) {
            HostRecord before = toNotify.get(each.key());
            toNotify.put(each.key(), before == null ? each : each.mergedWith(before));
            if (before != null) {
                inSeveralFiles.add(each.key());
            }
        }
        for (Map.Entry<Path, HostRecord> each : found.entrySet()) {
            HostKey host = each.getValue().key();
            HostRecord all = Objects.requireNonNull(toNotify.get(host), "merged");
            retire(each.getKey(), all, inSeveralFiles.contains(host));
        }
        sync();
        return List.copyOf(toNotify.values());
    }

    /** Brings one file to its place among those to notify, where others of the host may be. */
    private void retire(Path file, HostRecord all, boolean others) throws IOException {
        Path to = folder(folder, Section.TO_NOTIFY);
        Path target = to.resolve(HostFileName.of(all.address()));
        if (file.equals(target)) {
            return;
        }
        if (!others && file.endsWith(target.getFileName())) {
            steps.rename(file, target);
        } else {
            // Durable there before it goes here: a crash between must not forget the host.
            replace(target, RecordText.encode(all));
            sync();
            steps.delete(file);
        }
        unsynced.add(to);
        unsynced.add(Objects.requireNonNull(file.getParent(), "parent"));
    }

    @Override
    public void save(Section section, HostRecord record) throws IOException {
        String name = HostFileName.of(record.address());
        if (HostFileName.parse(name).isEmpty()) {
            throw new IOException(
                    record.address().getHostAddress() + " cannot be written as a file name");
        }
        replace(folder(folder, section).resolve(name), RecordText.encode(record));
    }

    @Override
    public void remove(Section section, InetAddress address) throws IOException {
        Path in = folder(folder, section);
        steps.delete(in.resolve(HostFileName.of(address)));
        unsynced.add(in);
    }

    @Override
    public void sync() throws IOException {
        for (Path each : List.copyOf(unsynced)) {
            steps.syncFolder(each);
            unsynced.remove(each);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static Path folder(Path root, Section section) {
        return root.resolve(
                switch (section) {
                    case MONITORED -> "sm";
                    case TO_NOTIFY -> "sm.bak";
                });
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            FileLock held = tryLock(channel);
            if (held == null) {
                throw new IOException(
                        "state folder "
                                + folder
                                + " is in use by process "
                                + holder(channel)
                                + ": stop it, or use another folder");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_LENGTH_MAX);
        channel.read(pid, 0);
        String text = StandardCharsets.ISO_8859_1.decode(pid.flip()).toString().strip();
        return text.matches("\\d+") ? text : "unknown";
    }

    private int lastState() throws IOException {
        Path file = folder.resolve(STATE);
        byte[] bytes;
        try {
            bytes = read(file, Integer.BYTES);
        } catch (NoSuchFileException e) {
            boolean first =
                    files(folder(folder, Section.MONITORED)).isEmpty()
                            && files(folder(folder, Section.TO_NOTIFY)).isEmpty();
            return first ? fromClock() : replaced(file, "missing, though there are hosts");
        } catch (BadRecordException e) {
            return replaced(file, e.reason());
        }
        if (bytes.length != Integer.BYTES) {
            return replaced(file, bytes.length + " bytes (expected: " + Integer.BYTES + ")");
        }
        int last = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
        return last >= 0 ? last : replaced(file, "number " + last);
    }

    private int replaced(Path file, String why) {
        skip(file, why);
        return fromClock();
    }

    private int fromClock() {
        return (int) (clock.instant().getEpochSecond() & Integer.MAX_VALUE);
    }

    /** The files of a folder that are not hidden, in the order of their names. */
    private List<Path> files(Path in) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(in)) {
            for (Path each : stream) {
                if (isHidden(each)) {
                    continue;
                }
                if (files.size() == FILES_MAX) {
                    throw new IOException(in + " holds more than " + FILES_MAX + " files (limit)");
                }
                files.add(each);
            }
        }
        files.sort(null);
        return files;
    }

    private Optional<HostRecord> readHost(Path file) throws IOException {
        Optional<InetAddress> address = HostFileName.parse(file.getFileName().toString());
        if (address.isEmpty()) {
            skip(file, "its name is not an address");
            return Optional.empty();
        }
        try {
            return Optional.of(RecordText.decode(address.get(), read(file, RecordText.LENGTH_MAX)));
        } catch (BadRecordException e) {
            skip(file, e.reason());
            return Optional.empty();
        }
    }

    /** The content of a regular file of bounded length. */
    private static byte[] read(Path file, int lengthMax) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new BadRecordException("not a regular file");
        }
        if (attributes.size() > lengthMax) {
            throw new BadRecordException(
                    attributes.size() + " bytes long (limit " + lengthMax + ")");
        }
        ByteBuffer content = ByteBuffer.allocate((int) attributes.size());
        try (SeekableByteChannel channel =
                Files.newByteChannel(
                        file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // Until the file ends or is as long as it said.
            }
        }
        byte[] bytes = new byte[content.position()];
        content.flip().get(bytes);
        return bytes;
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path in = Objects.requireNonNull(file.getParent(), "parent");
        Path temporary = in.resolve("." + file.getFileName() + TEMPORARY);
        try {
            steps.delete(temporary);
            steps.create(temporary);
            steps.append(temporary, content);
            steps.syncFile(temporary);
            steps.rename(temporary, file);
        } catch (IOException e) {
            deleteQuietly(temporary, e);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        unsynced.add(in);
    }

    private void deleteQuietly(Path temporary, IOException because) {
        try {
            steps.delete(temporary);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private void removeTemporaries() throws IOException {
        for (Path in :
                List.of(
                        folder,
                        folder(folder, Section.MONITORED),
                        folder(folder, Section.TO_NOTIFY))) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(in)) {
                for (Path each : stream) {
                    if (isHidden(each) && each.toString().endsWith(TEMPORARY)) {
                        steps.delete(each);
                    }
                }
            }
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private void skip(Path file, String why) {
        String message = file + " is skipped: " + why;
        skipped.add(message);
        LOG.warn("{}", message);
    }
}
