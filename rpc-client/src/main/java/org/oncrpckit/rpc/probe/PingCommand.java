package org.oncrpckit.rpc.probe;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.client.ClientLimits;
import org.oncrpckit.rpc.client.ConnectionPolicy;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rpcprobe ping}: whether a program answers, and how fast. */
@Command(
        name = "ping",
        description = {
            "Calls procedure 0 of a program and sums up the round-trip times.",
            "Without a version the highest one that the server has is called. No ping is sent"
                    + " twice: one that is not answered in time is lost."
        })
final class PingCommand extends TargetCommand {
    private static final int COUNT_MAX = 10_000_000;
    private static final int IN_FLIGHT_MAX = 10_000;
    private static final int INTERVAL_MILLIS_MAX = 3_600_000;

    private final PingRun pings = new PingRun();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many pings.")
    private int count;

    @Option(
            names = "--interval",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds from one ping to the next.")
    private int intervalMillis;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1",
            description = "Pings that may be under way at the same time.")
    private int inFlight;

    @Override
    void checkOptions() {
        super.checkOptions();
        requireRange("--count", count, 1, COUNT_MAX);
        requireRange("--interval", intervalMillis, 0, INTERVAL_MILLIS_MAX);
        requireRange("--in-flight", inFlight, 1, IN_FLIGHT_MAX);
    }

    @Override
    RpcClient.Builder settings(RpcClient.Builder builder) {
        ConnectionPolicy policy = ConnectionPolicy.DEFAULT;
        return builder.listener(pings)
                .limits(ClientLimits.DEFAULT.withPerHost(inFlight, IN_FLIGHT_MAX))
                .connections(
                        new ConnectionPolicy(
                                policy.connectTimeLimit(),
                                policy.idleLimit(),
                                policy.backoffFirst(),
                                policy.backoffLongest(),
                                inFlight));
    }

    @Override
    int run(RpcClient client)
            throws ProbeFailure, RpcException, UnknownHostException, InterruptedException {
        RpcTarget target = locate(client);
        int version =
                program().version().isPresent()
                        ? program().version().getAsInt()
                        : highestVersion(client, target);
        PingRun.Result result =
                pings.run(
                        client,
                        target,
                        nullProcedure(version),
                        options(),
                        new PingRun.Plan(count, inFlight, Duration.ofMillis(intervalMillis)));
        if (result.answered() == 0 && result.firstFailure().isPresent()) {
            Throwable failure = result.firstFailure().get();
            throw new ProbeFailure(
                    failure instanceof RpcRejectedException
                            ? ExitStatus.NEGATIVE
                            : ExitStatus.NO_ANSWER,
                    String.valueOf(failure.getMessage()));
        }
        print(target, version, result);
        if (result.answered() == result.sent()) {
            return ExitStatus.OK;
        }
        return result.answered() == 0 ? ExitStatus.NO_ANSWER : ExitStatus.NEGATIVE;
    }

    private int highestVersion(RpcClient client, RpcTarget target)
            throws ProbeFailure, RpcException, InterruptedException {
        Optional<RpcRejectedException> rejection = tryVersion(client, target, 0);
        if (rejection.isEmpty()) {
            return 0;
        }
        RpcRejectedException rejected = rejection.get();
        VersionRange range =
                rejected.supportedVersions().orElseThrow(() -> absent(target, rejected));
        return Integer.compareUnsigned(range.low(), range.high()) > 0 ? range.low() : range.high();
    }

    private void print(RpcTarget target, int version, PingRun.Result result) {
        int failed = result.sent() - result.answered() - result.lost();
        Latencies.Summary times = result.latencies();
        if (asJson()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("program", Integer.toUnsignedLong(program().number()));
            json.put("version", Integer.toUnsignedLong(version));
            json.put("transport", name(target.transport()));
            json.put("address", address(target.address()));
            json.put("sent", result.sent());
            json.put("answered", result.answered());
            json.put("lost", result.lost());
            json.put("failed", failed);
            result.firstFailure()
                    .ifPresent(e -> json.put("failure", String.valueOf(e.getMessage())));
            if (result.answered() > 0) {
                json.put("minNanos", times.min());
                json.put("p50Nanos", times.p50());
                json.put("p90Nanos", times.p90());
                json.put("p99Nanos", times.p99());
                json.put("maxNanos", times.max());
            }
            out().println(JsonWriter.text(json));
        } else {
            out().printf(
                            "%s version %s at %s%n",
                            program().names().describe(program().number()),
                            Integer.toUnsignedString(version),
                            where(target));
            out().printf(
                            "%d sent, %d answered, %d lost, %d failed%n",
                            result.sent(), result.answered(), result.lost(), failed);
            result.firstFailure()
                    .ifPresent(
                            e ->
                                    out().println(
                                                    "first failure: "
                                                            + Printed.plain(
                                                                    String.valueOf(
                                                                            e.getMessage()))));
            if (result.answered() > 0) {
                out().printf(
                                "milliseconds: min %.3f, p50 %.3f, p90 %.3f, p99 %.3f, max %.3f%n",
                                times.min() / 1e6,
                                times.p50() / 1e6,
                                times.p90() / 1e6,
                                times.p99() / 1e6,
                                times.max() / 1e6);
            }
        }
        out().flush();
    }
}
