package org.oncrpckit.rpc.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.ConnectTimeLimit;
import org.oncrpckit.rpc.transport.Endpoint;

/** One attempt to connect. */
final class SimulatedConnect implements SimulatedHost.Socket {
    /** How soon an unanswered request is sent again, as TCP does with its first. */
    private static final long RETRY_NANOS = 1_000_000_000L;

    private static final long UNIX_DELAY_NANOS = 10_000;

    private final SimulatedHost host;
    private final SimulatedNetwork network;
    private final SocketAddress remote;
    private final CompletableFuture<Endpoint> future;
    private final SocketAddress local;

    SimulatedConnect(
            SimulatedHost host,
            SocketAddress remote,
            @Nullable InetSocketAddress wanted,
            CompletableFuture<Endpoint> future)
            throws IOException {
        this.host = host;
        this.network = host.network();
        this.remote = remote;
        this.future = future;
        synchronized (network.lock) {
            this.local = reserve(wanted);
            host.open().add(this);
        }
    }

    private SocketAddress reserve(@Nullable InetSocketAddress wanted) throws IOException {
        network.checkLocked();
        if (host.isCrashed()) {
            throw new IOException(host + " has crashed");
        }
        if (remote instanceof UnixDomainSocketAddress) {
            return UnixDomainSocketAddress.of("");
        }
        if (!(remote instanceof InetSocketAddress to) || to.isUnresolved() || to.getPort() == 0) {
            throw new ConnectException("cannot connect to " + remote + ": not an address");
        }
        InetSocketAddress source =
                wanted == null || wanted.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress(
                                host.sourceFor(to.getAddress()),
                                wanted == null ? 0 : wanted.getPort())
                        : wanted;
        host.checkLocal(source);
        if (!SimulatedHost.sameFamily(source.getAddress(), to.getAddress())) {
            throw new NoRouteToHostException("cannot connect from " + source + " to " + remote);
        }
        InetSocketAddress chosen = host.tcp().choose(source);
        host.tcp().add(chosen, this);
        return chosen;
    }

    void start(Duration timeLimit) {
        ConnectTimeLimit.start(network.time(), timeLimit, remote, future);
        var unused = future.whenComplete((endpoint, failure) -> release());
        request();
    }

    /** Sends the request to connect. */
    private void request() {
        if (future.isDone()) {
            return;
        }
        synchronized (network.lock) {
            if (isCut()) {
                network.schedule(RETRY_NANOS, this::request);
            } else {
                network.schedule(delayNanos(true), this::arrive);
            }
        }
    }

    /** The request is at the other host. */
    private void arrive() {
        if (future.isDone()) {
            return;
        }
        SimulatedListener listener;
        SimulatedStream.Pair pair;
        synchronized (network.lock) {
            SimulatedHost target = target();
            if (target == null || target.isCrashed()) {
                network.schedule(RETRY_NANOS, this::request);
                return;
            }
            long back = delayNanos(false);
            listener = listenerAt(target);
            if (listener == null) {
                network.schedule(back, this::refused);
                return;
            }
            release();
            pair =
                    SimulatedStream.connect(
                            host, local, listener, remote, network.nanoTime() + back);
            network.schedule(back, () -> connected(pair.client()));
        }
        listener.accept(pair.server());
    }

    private void connected(SimulatedStream client) {
        if (!future.complete(client)) {
            client.close();
        }
    }

    private void refused() {
        fail(new ConnectException("cannot connect to " + remote + ": refused"));
    }

    private void fail(IOException failure) {
        future.completeExceptionally(failure);
    }

    /** The process ends while it connects. */
    @Override
    public void end(CloseReason reason, Ending ending) {
        fail(new ConnectException("cannot connect to " + remote + ": the network was closed"));
    }

    private void release() {
        synchronized (network.lock) {
            if (host.open().remove(this) && local instanceof InetSocketAddress inet) {
                host.tcp().remove(inet, this);
            }
        }
    }

    private @Nullable SimulatedHost target() {
        network.checkLocked();
        return remote instanceof InetSocketAddress to
                ? network.hostAt(to.getAddress(), host)
                : host;
    }

    private @Nullable SimulatedListener listenerAt(SimulatedHost target) {
        network.checkLocked();
        if (remote instanceof InetSocketAddress to) {
            return target.tcp().find(to.getAddress(), to.getPort())
                            instanceof SimulatedListener listener
                    ? listener
                    : null;
        }
        return target.unix().get(remote);
    }

    private boolean isCut() {
        network.checkLocked();
        if (!(remote instanceof InetSocketAddress to)
                || !(local instanceof InetSocketAddress from)) {
            return false;
        }
        InetAddress here = from.getAddress();
        InetAddress there = to.getAddress();
        return network.links().isCut(here, there) || network.links().isCut(there, here);
    }

    private long delayNanos(boolean outward) {
        network.checkLocked();
        if (!(remote instanceof InetSocketAddress to)
                || !(local instanceof InetSocketAddress from)) {
            return UNIX_DELAY_NANOS;
        }
        InetAddress here = from.getAddress();
        InetAddress there = to.getAddress();
        return outward
                ? network.links().delayNanos(here, there)
                : network.links().delayNanos(there, here);
    }
}
