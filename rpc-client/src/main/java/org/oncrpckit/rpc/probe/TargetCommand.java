package org.oncrpckit.rpc.probe;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command about one program of one host. */
@Command
abstract class TargetCommand extends ProbeCommand {
    private static final int PORT_MAX = 65_535;

    @Parameters(
            index = "0",
            paramLabel = "HOST",
            showDefaultValue = Visibility.NEVER,
            description = "Name or address of the host.")
    private String host = "";

    @Parameters(
            index = "1",
            paramLabel = "PROGRAM[/VERSION]",
            description = "Name or number, as in nfs, nfs/3, 100003/3.")
    private @Nullable ProgramArgument program;

    @Option(
            names = "--transport",
            paramLabel = "udp|tcp|unix:PATH",
            defaultValue = "udp",
            description = "How to call; a UNIX-domain socket is on this host, whatever HOST says.")
    private TransportArgument transport = TransportArgument.UDP;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            showDefaultValue = Visibility.NEVER,
            description = "Port of the program (default: the one that rpcbind names).")
    private int port;

    @Override
    void checkOptions() {
        super.checkOptions();
        requireRange("--port", port, 0, PORT_MAX);
    }

    final ProgramArgument program() {
        return Objects.requireNonNull(program, "picocli insists on it");
    }

    final TransportArgument transport() {
        return transport;
    }

    /** Where the program is, from the options or from rpcbind. */
    final RpcTarget locate(RpcClient client)
            throws ProbeFailure, RpcException, UnknownHostException, InterruptedException {
        Optional<UnixDomainSocketAddress> path = transport.path();
        if (path.isPresent()) {
            return RpcTarget.unix(path.get());
        }
        InetAddress address = resolve(host);
        InetSocketAddress server =
                port > 0 ? new InetSocketAddress(address, port) : lookUp(client, address);
        return new RpcTarget(transport.transport(), server, null);
    }

    private InetSocketAddress lookUp(RpcClient client, InetAddress address)
            throws ProbeFailure, InterruptedException {
        ProgramVersion wanted =
                new ProgramVersion(program().number(), program().version().orElse(0));
        CompletableFuture<Optional<InetSocketAddress>> answer =
                rpcbind(client).lookUp(address, null, wanted, transport.transport(), options());
        try {
            return answer.get()
                    .orElseThrow(
                            () ->
                                    new ProbeFailure(
                                            ExitStatus.NEGATIVE,
                                            "%s is not registered for %s on %s; 'rpcprobe list %s'"
                                                            .formatted(
                                                                    program(), transport, host,
                                                                    host)
                                                    + " shows what is"));
        } catch (ExecutionException e) {
            throw new ProbeFailure(
                    ExitStatus.NO_ANSWER,
                    "rpcbind on %s did not say where %s is: %s; --port names its port"
                            .formatted(host, program(), Failures.causeOf(e).getMessage()));
        }
    }

    /** Procedure 0, which every program has and which does nothing. */
    final Procedure<Nothing, Nothing> nullProcedure(int version) {
        return new Procedure<>(
                new ProgramVersion(program().number(), version),
                0,
                "NULL",
                XdrCodecs.VOID,
                XdrCodecs.VOID);
    }

    /** Calls procedure 0 of a version; empty when it was executed, else why it was not. */
    final Optional<RpcRejectedException> tryVersion(RpcClient client, RpcTarget target, int version)
            throws RpcException, InterruptedException {
        try {
            await(client.call(target, nullProcedure(version), Nothing.NOTHING, options()));
            return Optional.empty();
        } catch (RpcRejectedException e) {
            return Optional.of(e);
        }
    }

    /** The failure of a program that the server does not have. */
    final ProbeFailure absent(RpcTarget target, RpcRejectedException rejection) {
        return new ProbeFailure(
                ExitStatus.NEGATIVE,
                "%s at %s: %s".formatted(program(), where(target), rejection.getMessage()));
    }

    /** Transport and address, for people. */
    static String where(RpcTarget target) {
        return name(target.transport()) + " " + address(target.address());
    }

    static String address(SocketAddress address) {
        return AddressText.of(address);
    }

    /** A transport as the user names it. */
    static String name(Transport transport) {
        return transport.name().toLowerCase(Locale.ROOT);
    }
}
