package org.oncrpckit.rpc.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;

/** An endpoint of a server without programs, for tests of what lies behind it. */
final class IdleEndpoint {
    private static final HostedProgram PROGRAM =
            HostedProgram.of(new Echo().program(), ServerLimits.DEFAULT);

    private IdleEndpoint() {}

    /** A call that nobody executes. */
    static ServedCall<?> call(ServedEndpoint origin, InetSocketAddress peer, int xid) {
        return new ServedCall<>(
                origin,
                peer,
                new CallHeader(xid, Echo.V1, 1),
                new Authentication.Accepted(Credential.None.NONE),
                PROGRAM,
                ServedProcedure.ping(Echo.V1));
    }

    static ServedEndpoint on(SimulatedNetwork network, VirtualTime time) throws IOException {
        InetAddress here = InetAddress.getByName("10.0.0.1");
        Endpoint endpoint = network.host(here).bindDatagram(new InetSocketAddress(here, 2049));
        ServerParts parts = ServerParts.of(ServerLimits.DEFAULT, time, RpcServerListener.NONE);
        Dispatcher nobody =
                new Dispatcher(
                        parts,
                        AccessRule.everybody(),
                        NumberTable.of(Map.of()),
                        NumberTable.of(Map.of()));
        return new ServedEndpoint(endpoint, nobody, parts);
    }
}
