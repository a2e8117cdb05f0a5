package org.oncrpckit.rpc.simulation;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.StreamListener;
import org.oncrpckit.rpc.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket in the simulation. */
final class SimulatedListener implements StreamListener, SimulatedHost.Socket {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedListener.class);

    private final SimulatedHost host;
    private final SocketAddress local;
    private final Consumer<Endpoint> accepted;

    SimulatedListener(SimulatedHost host, SocketAddress local, Consumer<Endpoint> accepted) {
        this.host = host;
        this.local = local;
        this.accepted = accepted;
    }

    @Override
    public Transport transport() {
        return local instanceof InetSocketAddress ? Transport.TCP : Transport.UNIX;
    }

    @Override
    public SocketAddress localAddress() {
        return local;
    }

    SimulatedHost host() {
        return host;
    }

    void accept(SimulatedStream connection) {
        try {
            accepted.accept(connection);
        } catch (RuntimeException e) {
            LOG.warn("{} closes a connection that could not be taken over", this, e);
            connection.close();
            return;
        }
        connection.startReading();
    }

    @Override
    public void close() {
        end(CloseReason.LOCAL, Ending.FINISH);
    }

    @Override
    public void end(CloseReason reason, Ending ending) {
        synchronized (host.network().lock) {
            if (!host.open().remove(this)) {
                return;
            }
            if (local instanceof InetSocketAddress inet) {
                host.tcp().remove(inet, this);
            } else {
                host.unix().remove(local);
            }
        }
    }

    @Override
    public String toString() {
        return "simulated " + transport() + " listener " + local;
    }
}
