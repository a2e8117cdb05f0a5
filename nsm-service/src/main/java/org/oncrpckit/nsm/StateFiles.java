package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.nsm.NsmStore.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a state folder, one at a time: read without following or believing anything,
 * replaced all or nothing. Whatever is not one of ours (links, folders, strange names, empty or
 * torn content) is reported and left alone. Not thread-safe.
 */
final class StateFiles {
    /** Most files that are read from one folder. */
    static final int FILES_MAX = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);
    private static final String TEMPORARY = ".new";

    private final Path root;
    private final FileSteps steps;
    private final List<String> skipped = new ArrayList<>();

    /** Folders with changes that have to be durable before the next promise. */
    private final Set<Path> unsynced = new LinkedHashSet<>();

    StateFiles(Path root, FileSteps steps) {
        this.root = root;
        this.steps = steps;
    }

    /** The folder of a section. */
    Path folder(Section section) {
        return folder(root, section);
    }

    static Path folder(Path root, Section section) {
        return root.resolve(
                switch (section) {
                    case MONITORED -> "sm";
                    case TO_NOTIFY -> "sm.bak";
                    case KEPT -> "sm.kept";
                });
    }

    /** How an entry of the journal calls the file of a host: its folder and its name. */
    static String place(Path file) {
        return folderOf(file).getFileName() + "/" + file.getFileName();
    }

    /** The file that an entry of the journal is about; empty when that is none of a host. */
    Optional<Path> at(String place) {
        for (Section each : Section.values()) {
            Path in = folder(each);
            String prefix = in.getFileName() + "/";
            if (place.startsWith(prefix)) {
                String name = place.substring(prefix.length());
                boolean ofHost = name.indexOf('/') < 0 && HostFileName.parse(name).isPresent();
                return ofHost ? Optional.of(in.resolve(name)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The files of a section that are not hidden, in the order of their names. */
    List<Path> list(Section section) throws IOException {
        Path in = folder(section);
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
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(null);
        return files;
    }

    /** What a file says of its host; empty, and reported, when it makes no sense. */
    Optional<HostRecord> readHost(Path file) throws IOException {
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

    /**
     * The content of a regular file of bounded length.
     *
     * @throws BadRecordException when it is something else, or longer
     */
    byte[] read(Path file, int lengthMax) throws IOException {
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

    /** Puts a durable file in place of whatever is there; its folder is still to be synced. */
    void replace(Path file, byte[] content) throws IOException {
        write(file, content, true);
        changedIn(folderOf(file));
    }

    /** Puts a file in place, all or nothing should the process end; durable only when asked. */
    void write(Path file, byte[] content, boolean durable) throws IOException {
        Path in = folderOf(file);
        Path temporary = in.resolve("." + file.getFileName() + TEMPORARY);
        try {
            steps.delete(temporary);
            steps.create(temporary);
            steps.append(temporary, content);
            if (durable) {
                steps.syncFile(temporary);
            }
            steps.rename(temporary, file);
        } catch (IOException e) {
            deleteQuietly(temporary, e);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Removes a file, if it is there; its folder is still to be synced. */
    void delete(Path file) throws IOException {
        steps.delete(file);
        changedIn(folderOf(file));
    }

    /** Gives a file another place; both folders are still to be synced. */
    void move(Path file, Path target) throws IOException {
        steps.rename(file, target);
        changedIn(folderOf(target));
        changedIn(folderOf(file));
    }

    /** The names in this folder are to be durable after the next {@link #syncFolders}. */
    void changedIn(Path folder) {
        unsynced.add(folder);
    }

    void syncFolders() throws IOException {
        for (Path each : List.copyOf(unsynced)) {
            steps.syncFolder(each);
            unsynced.remove(each);
        }
    }

    /** Removes what a process that was killed has left half written. */
    void removeTemporaries() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(root));
        for (Section each : Section.values()) {
            folders.add(folder(each));
        }
        for (Path in : folders) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(in)) {
                for (Path each : stream) {
                    if (isHidden(each) && each.toString().endsWith(TEMPORARY)) {
                        steps.delete(each);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
    }

    /** Reports a file, or a part of one, that makes no sense. */
    void skip(Path file, String why) {
        String message = file + " is skipped: " + why;
        skipped.add(message);
        LOG.warn("{}", message);
    }

    /** What was reported so far. */
    List<String> skipped() {
        return List.copyOf(skipped);
    }

    /** The folder that a file of ours is in. */
    static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "parent");
    }

    private void deleteQuietly(Path temporary, IOException because) {
        try {
            steps.delete(temporary);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }
}
