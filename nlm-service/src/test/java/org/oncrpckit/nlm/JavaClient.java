package org.oncrpckit.nlm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockListener;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** A simulated host with a port mapper, a status monitor, and an {@link NlmClient} on top. */
final class JavaClient {
    static final int CALL_BACK_PORT = 4045;
    static final int STATD_PORT = 662;

    final World world;
    final InetAddress address;
    final SimulatedHost host;
    final TestRpcbind rpcbind = new TestRpcbind();
    final NlmClient client;
    final List<NlmLock> reclaimed = new ArrayList<>();
    final List<NlmLock> regained = new ArrayList<>();
    final List<NlmLock> lost = new ArrayList<>();

    /** Who is told of each lock that is lost. */
    final List<Consumer<NlmLock>> onLost = new ArrayList<>();

    JavaClient(World world, int number) {
        this(world, number, builder -> builder);
    }

    JavaClient(World world, int number, UnaryOperator<NlmClient.Builder> settings) {
        this.world = world;
        this.address = World.address("10.0.2." + number);
        this.host = world.network.host(address);
        RpcPlatform platform = world.network.platform(host);
        RpcClient rpc = RpcClient.builder(platform).build();
        try {
            NsmService nsm =
                    NsmService.builder(platform, rpc, new RpcbindClient(rpc))
                            .storeExecutor(Runnable::run)
                            .open(new MemoryNsmStore());
            RpcServer server =
                    RpcServer.builder(platform)
                            .program(rpcbind.program())
                            .program(nsm.program())
                            .build();
            for (int port : new int[] {LinuxClient.RPC_PORT, STATD_PORT}) {
                server.attach(host.bindDatagram(new InetSocketAddress(address, port)));
                server.listen(new InetSocketAddress(address, port));
            }
            client =
                    settings.apply(
                                    NlmClient.builder(platform)
                                            .callerName(HostName.of("java" + number))
                                            .withoutRelay()
                                            .rpcbind(RpcbindMode.NONE)
                                            .callBackPort(CALL_BACK_PORT)
                                            .statusMonitor(StatusMonitor.of(nsm))
                                            .listener(new Listener()))
                            .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        register();
    }

    /** Makes the call-back port known, as rpcbind would. */
    void register() {
        for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
            NlmVersion.all()
                    .forEach(
                            version -> rpcbind.set(version.programVersion(), each, CALL_BACK_PORT));
            rpcbind.set(NsmProcedures.V1, each, STATD_PORT);
        }
    }

    /** Servers find no lock manager here from now on. */
    void unregister() {
        rpcbind.clear();
    }

    /** A lock on {@link World#FILE} of a new owner. */
    NlmLock lock(Transport transport, LockRange range, LockMode mode) {
        return lock(transport, client.newOwner(), World.FILE, range, mode);
    }

    NlmLock lock(Transport transport, NlmOwner owner, Opaque file, LockRange range, LockMode mode) {
        return new NlmLock(new NlmServer(World.SERVER, transport, 0), file, owner, range, mode);
    }

    /** An exclusive lock of a new owner on the whole of {@link World#FILE}, over TCP. */
    NlmLock whole() {
        return lock(Transport.TCP, LockRange.ALL, LockMode.EXCLUSIVE);
    }

    private final class Listener implements LockListener {
        @Override
        public void reclaimed(NlmLock lock) {
            reclaimed.add(lock);
        }

        @Override
        public void regained(NlmLock lock) {
            regained.add(lock);
        }

        @Override
        public void lost(NlmLock lock, String why) {
            lost.add(lock);
            onLost.forEach(each -> each.accept(lock));
        }
    }
}
