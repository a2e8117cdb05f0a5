package org.oncrpckit.rpc.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Which local port a socket gets. */
public sealed interface PortPolicy {
    /** Whichever the kernel picks. */
    record Ephemeral() implements PortPolicy {}

    /**
     * This one or none.
     *
     * @param port 1 to 65535
     */
    record Fixed(int port) implements PortPolicy {
        private static final int PORT_MAX = 65_535;

        /** Checks the port. */
        public Fixed {
            if (port < 1 || port > PORT_MAX) {
                throw new IllegalArgumentException(
                        "port " + port + " (expected: 1 to " + PORT_MAX + ")");
            }
        }
    }

    /**
     * One that only a privileged process may bind, which some servers ask of their clients: the
     * first free one from 1023 down to 512.
     *
     * @param avoided ports left to others
     */
    record Privileged(Set<Integer> avoided) implements PortPolicy {
        private static final int HIGHEST = 1023;
        private static final int LOWEST = 512;

        /** Copies the set. */
        public Privileged {
            avoided = Set.copyOf(avoided);
        }

        IntStream candidates() {
            return IntStream.iterate(HIGHEST, port -> port >= LOWEST, port -> port - 1)
                    .filter(port -> !avoided.contains(port));
        }
    }

    /** The ports that this host's administrator keeps from {@link Privileged}. */
    Path SYSTEM_BLACKLIST = Path.of("/etc/bindresvport.blacklist");

    /** Any port. */
    static PortPolicy ephemeral() {
        return new Ephemeral();
    }

    /** This port. */
    static PortPolicy fixed(int port) {
        return new Fixed(port);
    }

    /**
     * A privileged port that {@link #SYSTEM_BLACKLIST} does not name. A missing or unreadable file
     * names none.
     */
    static PortPolicy privileged() {
        try {
            return privileged(SYSTEM_BLACKLIST);
        } catch (IOException e) {
            return new Privileged(Set.of());
        }
    }

    /**
     * A privileged port that the file does not name: a number at the beginning of each line, {@code
     * #} begins a comment, other lines are passed over.
     *
     * @throws IOException when the file is there and cannot be read
     */
    static PortPolicy privileged(Path blacklist) throws IOException {
        Set<Integer> avoided = new HashSet<>();
        // Any byte is a character there: a comment in whatever encoding must not spoil the list.
        try (BufferedReader reader = Files.newBufferedReader(blacklist, ISO_8859_1)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String number = line.strip().split("[\\s#]", 2)[0];
                if (number.matches("[0-9]{1,5}")) {
                    avoided.add(Integer.valueOf(number));
                }
            }
        } catch (NoSuchFileException e) {
            return new Privileged(Set.of());
        }
        return new Privileged(avoided);
    }

    /**
     * Binds a UDP socket to a port of this policy.
     *
     * @throws IOException when there is none; the message says what would help
     */
    default Endpoint bindDatagram(Network network, InetAddress address) throws IOException {
        Objects.requireNonNull(address, "address");
        if (this instanceof Fixed fixed) {
            return network.bindDatagram(new InetSocketAddress(address, fixed.port()));
        }
        if (!(this instanceof Privileged privileged)) {
            return network.bindDatagram(new InetSocketAddress(address, 0));
        }
        IOException last = null;
        for (int port : privileged.candidates().toArray()) {
            try {
                return network.bindDatagram(new InetSocketAddress(address, port));
            } catch (BindException e) {
                if (PrivilegedPorts.isForbidden(e)) {
                    throw PrivilegedPorts.forbidden(address, e);
                }
                if (!PrivilegedPorts.isInUse(e)) {
                    // The same for every port: an address that is not ours, for example.
                    throw e;
                }
                last = e;
            }
        }
        throw PrivilegedPorts.none(address, last);
    }

    /**
     * Connects from a port of this policy; as {@link Network#connect} else.
     *
     * @param source local address
     * @param timeLimit for each port that is tried: a port that is taken fails at once
     */
    default CompletableFuture<Endpoint> connect(
            Network network, InetSocketAddress remote, InetAddress source, Duration timeLimit) {
        Objects.requireNonNull(source, "source");
        if (this instanceof Fixed fixed) {
            return network.connect(remote, new InetSocketAddress(source, fixed.port()), timeLimit);
        }
        if (!(this instanceof Privileged privileged)) {
            return network.connect(remote, new InetSocketAddress(source, 0), timeLimit);
        }
        return new PrivilegedPorts(network, remote, source, timeLimit)
                .connect(privileged.candidates().iterator());
    }
}
