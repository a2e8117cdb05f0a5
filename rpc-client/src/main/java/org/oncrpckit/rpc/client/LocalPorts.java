package org.oncrpckit.rpc.client;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which local ports to try, in order, and what to say when none could be had. */
final class LocalPorts {
    /**
     * Ports that glibc and libtirpc leave to other services when they look for a privileged one.
     */
    static final Path BLACKLIST = Path.of("/etc/bindresvport.blacklist");

    private static final List<Integer> ANY = List.of(0);

    private final List<Integer> datagram;
    private final List<Integer> stream;
    private final boolean privileged;

    private LocalPorts(List<Integer> datagram, List<Integer> stream, boolean privileged) {
        this.datagram = datagram;
        this.stream = stream;
        this.privileged = privileged;
    }

    static LocalPorts of(PortPolicy policy, Path blacklist) {
        if (policy instanceof PortPolicy.Fixed fixed) {
            return new LocalPorts(List.of(fixed.port()), ANY, false);
        }
        if (policy instanceof PortPolicy.Privileged) {
            Set<Integer> reserved = reserved(blacklist);
            List<Integer> ports =
                    IntStream.iterate(
                                    PortPolicy.Privileged.HIGHEST,
                                    port -> port >= PortPolicy.Privileged.LOWEST,
                                    port -> port - 1)
                            .filter(port -> !reserved.contains(port))
                            .boxed()
                            .toList();
            return new LocalPorts(ports, ports, true);
        }
        return new LocalPorts(ANY, ANY, false);
    }

    /** Ports to bind UDP sockets to. */
    List<Integer> datagram() {
        return datagram;
    }

    /** Ports to connect from. */
    List<Integer> stream() {
        return stream;
    }

    /** Whether another port may succeed where this one failed. */
    boolean worthAnotherTry(Throwable failure) {
        return privileged && isBindFailure(failure) && !isMissingRight(failure);
    }

    /** What to tell the caller when the last port has failed. */
    IOException explain(@Nullable InetAddress local, IOException last) {
        if (!privileged || !isBindFailure(last)) {
            return last;
        }
        String from = local == null ? "" : " of " + local.getHostAddress();
        return isMissingRight(last)
                ? new IOException(
                        "no right to bind a port below 1024"
                                + from
                                + " (CAP_NET_BIND_SERVICE, or root)",
                        last)
                : new IOException(
                        "no free port" + from + " from 1023 down to 512: " + last.getMessage(),
                        last);
    }

    private static boolean isBindFailure(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause instanceof BindException)
                || isMissingRight(failure);
    }

    private static boolean isMissingRight(Throwable failure) {
        return causes(failure)
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(message -> message.contains("Permission denied"));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(10);
    }

    private static Set<Integer> reserved(Path blacklist) {
        Set<Integer> reserved = new HashSet<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(blacklist, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return reserved;
        }
        for (String line : lines) {
            String word = line.replaceFirst("#.*", "").strip();
            if (word.matches("[0-9]{1,5}")) {
                reserved.add(Integer.valueOf(word));
            }
        }
        return reserved;
    }
}
