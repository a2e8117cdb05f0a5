package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcDispatchable;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.dcache.oncrpc4j.xdr.XdrVoid;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.oncrpc4j.Oncrpc4jProgram;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;

/** An oncrpc4j service on this kit's server: the service stays as it is, its server goes. */
public final class HostedOncrpc4jService {
    static final int PROGRAM = 0x2000_0043;

    private HostedOncrpc4jService() {}

    /** Knows oncrpc4j only. A stub that oncrpcgen has made takes its place just as well. */
    static final class Shouting implements RpcDispatchable {
        @Override
        public void dispatchOncRpcCall(RpcCall call) throws IOException {
            switch (call.getProcedure()) {
                case 0 -> call.reply(XdrVoid.XDR_VOID);
                case 1 -> {
                    XdrString text = new XdrString();
                    call.retrieveCall(text);
                    call.reply(new XdrString(text.stringValue() + "!"));
                }
                default -> call.failProcedureUnavailable();
            }
        }
    }

    /** The server that OncRpcSvc used to be. */
    static RpcServer server(SocketPlatform sockets) {
        // [host]
        return RpcServer.builder(sockets.platform())
                .program(
                        Oncrpc4jProgram.of(new Shouting())
                                .named(PROGRAM, "shouting")
                                .version(1)
                                .idempotent(0, 1)
                                .build())
                .build();
        // [end]
    }

    /** Serves port 4243 of the loopback address, UDP and TCP, until the process is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4243);
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = server(sockets)) {
            Endpoint datagrams = sockets.platform().network().bindDatagram(address);
            server.attach(datagrams);
            server.listen(address);
            System.out.println("serving " + address);
            Thread.currentThread().join();
        }
    }
}
