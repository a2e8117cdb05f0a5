package org.oncrpckit.nlm;

import java.util.HashMap;
import java.util.Map;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.Transport;

/** A port mapper for simulated hosts: version 2, GETPORT only. */
final class TestRpcbind {
    private record Key(ProgramVersion programVersion, int protocol) {}

    private final Map<Key, Integer> ports = new HashMap<>();
    private int asked;

    void set(ProgramVersion programVersion, Transport transport, int port) {
        int protocol = transport == Transport.UDP ? PortmapProtocol.UDP : PortmapProtocol.TCP;
        ports.put(new Key(programVersion, protocol), port);
    }

    void clear() {
        ports.clear();
    }

    /** How often it was asked. */
    int asked() {
        return asked;
    }

    RpcProgram program() {
        return RpcProgram.builder(PortmapProtocol.PROGRAM.program(), "portmapper")
                .idempotent(
                        PortmapProtocol.GETPORT,
                        (call, wanted) -> {
                            asked++;
                            return ports.getOrDefault(
                                    new Key(wanted.programVersion(), wanted.protocol()), 0);
                        })
                .build();
    }
}
