package org.oncrpckit.nsm.interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.MyId;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * A local service of a host, which stands in for its lock manager: asks the monitor of the host, is
 * called back, and speaks to other hosts' monitors as sm-notify does. Does what it reads.
 */
final class StatusTool {
    private static final int PROGRAM = 100021;
    private static final int VERSION = 4;
    private static final int PROCEDURE = 16;
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    private final RpcClient client;
    private final RpcbindClient rpcbind;

    private StatusTool(RpcClient client) {
        this.client = client;
        this.rpcbind = new RpcbindClient(client);
    }

    public static void main(String[] arguments) throws Exception {
        RpcPlatform platform = SocketPlatform.open().platform();
        RpcClient client = RpcClient.builder(platform).localPorts(PortPolicy.privileged()).build();
        CallBack callBack = new CallBack(PROGRAM, VERSION, PROCEDURE, priv("0"));
        RpcProgram program =
                RpcProgram.builder(PROGRAM, "stand-in")
                        .procedure(
                                NsmProcedures.callBack(callBack),
                                (call, status) -> {
                                    System.out.println(
                                            "called "
                                                    + status.monName()
                                                    + " "
                                                    + status.state()
                                                    + " "
                                                    + status.priv().toByteArray()[0]);
                                    return Nothing.NOTHING;
                                })
                        .build();
        RpcServer server = RpcServer.builder(platform).build();
        server.addProgram(program);
        ServicePort port =
                ServicePort.builder(platform, server)
                        .addresses(ListenAddresses.parse(List.of("127.0.0.1"), "--"))
                        .open();
        Optional<RpcbindRegistrar.Refusal> refusal =
                new RpcbindRegistrar(client)
                        .register(List.of(new RpcbindRegistrar.Service(program.versions(), port)));
        System.out.println(refusal.isEmpty() ? "serves" : "refused " + refusal);
        StatusTool tool = new StatusTool(client);
        try (BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                try {
                    System.out.println(tool.obey(line.split(" ", -1)));
                } catch (ExecutionException e) {
                    System.out.println("failed " + e.getCause());
                }
            }
        }
        System.exit(0);
    }

    private String obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "mon" ->
                    "mon " + ask(NsmProcedures.MON, new MonRequest(id(words[1]), priv(words[2])));
            case "unmon" -> "unmon " + ask(NsmProcedures.UNMON, id(words[1]));
            case "unmonall" -> "unmonall " + ask(NsmProcedures.UNMON_ALL, id("x").caller());
            case "stat" -> "stat " + ask(NsmProcedures.STAT, HostName.of(words[1]));
            case "crash" -> "crash " + ask(NsmProcedures.SIMU_CRASH, Nothing.NOTHING);
            case "remotemon" ->
                    "remotemon "
                            + at(
                                    literal(words[1]),
                                    literal(words[2]),
                                    NsmProcedures.MON,
                                    new MonRequest(id("192.0.2.9"), priv("1")));
            case "notify" ->
                    "notify "
                            + at(
                                    literal(words[1]),
                                    literal(words[2]),
                                    NsmProcedures.NOTIFY,
                                    new StateChange(
                                            HostName.of(words[3]), Integer.parseInt(words[4])));
            default -> "what? " + words[0];
        };
    }

    private <A, R> R ask(Procedure<A, R> procedure, A arguments) throws Exception {
        InetAddress loopback = literal("127.0.0.1");
        return at(loopback, loopback, procedure, arguments);
    }

    private <A, R> R at(InetAddress host, InetAddress source, Procedure<A, R> procedure, A args)
            throws Exception {
        InetSocketAddress monitor =
                rpcbind.lookUp(host, source, NsmProcedures.V1, Transport.UDP, OPTIONS)
                        .get()
                        .orElseThrow();
        return client.call(RpcTarget.udp(monitor).from(source), procedure, args, OPTIONS).get();
    }

    private static InetAddress literal(String text) {
        return HostName.of(text).address().orElseThrow();
    }

    private static MonId id(String host) {
        return new MonId(
                HostName.of(host), new MyId(HostName.of("here"), PROGRAM, VERSION, PROCEDURE));
    }

    private static Opaque priv(String number) {
        byte[] bytes = new byte[CallBack.PRIV_LENGTH];
        bytes[0] = Byte.parseByte(number);
        return Opaque.copyOf(bytes);
    }
}
