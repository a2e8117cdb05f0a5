package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import org.dcache.oncrpc4j.rpc.OncRpcProgram;
import org.dcache.oncrpc4j.rpc.OncRpcSvc;
import org.dcache.oncrpc4j.rpc.OncRpcSvcBuilder;
import org.dcache.oncrpc4j.xdr.XdrVoid;

/**
 * Serves {@link NullProtocol} with oncrpc4j. Of its settings this one (services on the selector
 * threads) was the fastest for both transports when all were tried.
 */
public final class Oncrpc4jServer {
    private Oncrpc4jServer() {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments port of UDP and TCP on 127.0.0.1
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        OncRpcSvc service =
                new OncRpcSvcBuilder()
                        .withBindAddress("127.0.0.1")
                        .withPort(Integer.parseInt(arguments[0]))
                        .withUDP()
                        .withTCP()
                        .withTcpNoDelay(true)
                        .withoutAutoPublish()
                        .withSameThreadIoStrategy()
                        .withRpcService(
                                new OncRpcProgram(
                                        NullProtocol.VERSION.program(),
                                        NullProtocol.VERSION.version()),
                                call -> call.reply(XdrVoid.XDR_VOID))
                        .build();
        service.start();
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
