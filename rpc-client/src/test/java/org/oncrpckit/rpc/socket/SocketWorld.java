package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.oncrpckit.rpc.testing.HostFacts;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.TestWorld;

/** Two networks over the sockets of this host. */
final class SocketWorld implements TestWorld {
    private final WheelTimers timers = new WheelTimers();
    private final SocketNetwork server = SocketNetwork.builder(timers).build();
    private final SocketNetwork client = SocketNetwork.builder(timers).build();
    private final SocketAddress clientAddress;
    private final AtomicInteger paths = new AtomicInteger();
    private final Path folder;
    private final boolean unix;

    private SocketWorld(String literal, boolean unix) {
        this.clientAddress = new InetSocketAddress(Messages.address(literal), 0);
        this.unix = unix;
        try {
            this.folder = Files.createTempDirectory("rpc");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SocketWorld ip(String literal) {
        return new SocketWorld(literal, false);
    }

    static SocketWorld unix() {
        return new SocketWorld("127.0.0.1", true);
    }

    @Override
    public Network server() {
        return server;
    }

    @Override
    public Network client() {
        return client;
    }

    @Override
    public SocketAddress serverAddress() {
        return unix
                ? UnixDomainSocketAddress.of(folder.resolve("s" + paths.getAndIncrement()))
                : clientAddress;
    }

    @Override
    public SocketAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public boolean allowsPrivilegedPorts() {
        return HostFacts.allowsPrivilegedPorts();
    }

    @Override
    public void await(BooleanSupplier condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(condition::getAsBoolean);
    }

    /** Nothing more than a pause: for tests that something does not happen. */
    @Override
    public void settle() {
        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> System.nanoTime() - end >= 0);
    }

    @Override
    public void close() {
        server.close();
        client.close();
        timers.close();
        try {
            // Empty: listeners remove their socket files when they are closed.
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
