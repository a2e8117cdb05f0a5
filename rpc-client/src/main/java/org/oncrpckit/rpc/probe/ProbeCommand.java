package org.oncrpckit.rpc.probe;

import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.socket.SocketPlatform;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands share: options, a client for the time they run, one line for a failure. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true)
abstract class ProbeCommand implements Callable<Integer> {
    private static final int TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final int PORT_MAX = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "Give up on an answer after so many milliseconds.")
    private int timeoutMillis;

    @Option(names = "-4", description = "IPv4 only.")
    private boolean ipv4;

    @Option(names = "-6", description = "IPv6 only.")
    private boolean ipv6;

    @Option(
            names = "--rpcbind-port",
            paramLabel = "N",
            defaultValue = "" + RpcbindClient.PORT,
            description = "Where rpcbind listens.")
    private int rpcbindPort;

    /**
     * Does the work.
     *
     * @return an {@link ExitStatus}
     */
    abstract int run(RpcClient client)
            throws ProbeFailure, RpcException, UnknownHostException, InterruptedException;

    /** The settings of the client that {@link #run} gets. */
    RpcClient.Builder settings(RpcClient.Builder builder) {
        return builder;
    }

    /** Looks at the options before anything is opened. */
    void checkOptions() {
        requireRange("--timeout", timeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("--rpcbind-port", rpcbindPort, 1, PORT_MAX);
        if (ipv4 && ipv6) {
            throw usage("-4 and -6 exclude each other");
        }
    }

    @Override
    public final Integer call() throws InterruptedException {
        checkOptions();
        try (SocketPlatform platform = SocketPlatform.open();
                RpcClient client = settings(RpcClient.builder(platform.platform())).build()) {
            return run(client);
        } catch (ProbeFailure e) {
            return failed(e.status(), e);
        } catch (RpcException e) {
            return failed(ExitStatus.NO_ANSWER, e);
        } catch (UnknownHostException e) {
            return failed(ExitStatus.NO_HOST, e);
        }
    }

    private int failed(int status, Exception failure) {
        complain(String.valueOf(failure.getMessage()));
        return status;
    }

    /** Tells of a failure that does not end the command, in one line. */
    final void warn(String where, Exception failure) {
        complain(where + ": " + failure.getMessage());
    }

    private void complain(String message) {
        spec.commandLine().getErr().println("rpcprobe: " + Printed.plain(message));
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final void requireRange(String option, int value, int low, int high) {
        if (value < low || value > high) {
            throw usage("%s %d (expected: %d to %d)".formatted(option, value, low, high));
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final boolean asJson() {
        return json;
    }

    final CallOptions options() {
        return CallOptions.DEFAULT.withTimeLimit(Duration.ofMillis(timeoutMillis));
    }

    final RpcbindClient rpcbind(RpcClient client) {
        return new RpcbindClient(client).atPort(rpcbindPort);
    }

    final boolean onlyIpv6() {
        return ipv6;
    }

    /** The first address of a host that the options allow. */
    final InetAddress resolve(String host) throws UnknownHostException {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw unknown(host, "has no address");
        }
        for (InetAddress each : all) {
            if (!(ipv4 && each instanceof Inet6Address)
                    && !(ipv6 && each instanceof Inet4Address)) {
                return each;
            }
        }
        throw unknown(host, ipv4 ? "has no IPv4 address" : "has no IPv6 address");
    }

    private static UnknownHostException unknown(String host, String why) {
        return new UnknownHostException("host \"" + host + "\" " + why);
    }

    /** Waits for something that ends within a time limit of its own. */
    static <R> R await(CompletableFuture<R> future) throws RpcException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (Failures.causeOf(e) instanceof RpcException failure) {
                throw failure;
            }
            throw new IllegalStateException("unexpected end of a call", Failures.causeOf(e));
        }
    }
}
