package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a listening UNIX-domain socket, from before it is bound until after its close. */
final class UnixSocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(UnixSocketFile.class);

    /** Longest path in bytes: Linux has room for 108, of which the JDK uses two for itself. */
    private static final int PATH_BYTES_MAX = 106;

    /** The bits of a file's mode that tell its type, and what they are for a socket (stat(2)). */
    private static final int FILE_TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private final Path path;

    /** Which file it is, so that one that somebody else put in its place is left alone. */
    private final @Nullable Object key;

    private UnixSocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Binds the channel to the path. A socket file that nobody answers on any more is replaced.
     *
     * @throws BindException when somebody answers, something else lies there, or the path is too
     *     long
     */
    static UnixSocketFile bind(
            ServerSocketChannel channel, UnixDomainSocketAddress address, int backlog)
            throws IOException {
        Path path = address.getPath();
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > PATH_BYTES_MAX) {
            throw new BindException(
                    "cannot bind %s: the path has %d bytes (limit %d)"
                            .formatted(path, length, PATH_BYTES_MAX));
        }
        removeStale(address);
        try {
            channel.bind(address, backlog);
        } catch (IOException e) {
            BindException named = new BindException("cannot bind " + path + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        return new UnixSocketFile(path, keyOf(path));
    }

    private static void removeStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new BindException("cannot bind " + path + ": there is a file, not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(address);
        } catch (ConnectException nobodyAnswers) {
            LOG.info("{} is left over from before and nobody answers on it: replaced", path);
            Files.deleteIfExists(path);
            return;
        } catch (IOException e) {
            // Of another kind, or closed to us: whoever it belongs to may live.
            BindException named =
                    new BindException(
                            "cannot bind " + path + ": there is a socket: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        throw new BindException("cannot bind " + path + ": somebody answers on it");
    }

    /** A pipe or a device is neither a regular file nor a socket, and must not be replaced. */
    private static boolean isSocket(Path path) throws IOException {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & FILE_TYPE) == SOCKET;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        }
    }

    /** Removes the file, if it is still the one that was bound. */
    void remove() {
        try {
            if (key != null && key.equals(keyOf(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.debug("{} could not be removed", path, e);
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey()
                : null;
    }
}
