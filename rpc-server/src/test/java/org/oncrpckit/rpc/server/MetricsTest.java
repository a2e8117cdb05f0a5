package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcClientStatistics;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.transport.Transport;

class MetricsTest {
    private final Map<String, LongSupplier> counters = new TreeMap<>();
    private final Map<String, LongSupplier> gauges = new TreeMap<>();

    private final MetricSink sink =
            new MetricSink() {
                @Override
                public void counter(String name, Map<String, String> labels, LongSupplier count) {
                    assertThat(counters.put(name + labels, count)).as("%s before", name).isNull();
                }

                @Override
                public void gauge(String name, Map<String, String> labels, LongSupplier value) {
                    assertThat(gauges.put(name + labels, value)).as("%s before", name).isNull();
                }
            };

    @Test
    void everyNumberOfAServerHasANameAndIsReadWhenWanted() {
        Echo echo = new Echo();
        SimulatedServer simulated = new SimulatedServer(echo.program());
        simulated.server.publish(sink);
        assertThat(counters.size() + gauges.size())
                .isEqualTo(
                        RpcServerStatistics.class.getRecordComponents().length
                                - 1
                                + CallOutcome.values().length);
        assertThat(counters.get("rpc.server.calls{}").getAsLong()).isZero();

        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(1, Echo.ECHO, "text");
        caller.call(1, Echo.ECHO, "text");
        caller.call(2, Echo.LATER, "waits");

        assertThat(counters.get("rpc.server.calls{}").getAsLong()).isEqualTo(3);
        assertThat(counters.get("rpc.server.calls.ended{outcome=duplicate-answered}").getAsLong())
                .isOne();
        assertThat(gauges.get("rpc.server.calls.running{}").getAsLong()).isOne();
        simulated.server.close();
    }

    @Test
    void everyNumberOfAClientHasANameAndIsReadWhenWanted() {
        Echo echo = new Echo();
        SimulatedServer simulated = new SimulatedServer(echo.program());
        try (RpcClient client =
                RpcClient.builder(
                                simulated.network.platform(
                                        simulated.network.host(
                                                SimulatedServer.address("10.0.0.2"))))
                        .build()) {
            client.publish(sink);
            assertThat(counters.size() + gauges.size())
                    .isEqualTo(RpcClientStatistics.class.getRecordComponents().length);

            InetSocketAddress server = simulated.address;
            var unused = client.call(RpcTarget.udp(server), Echo.ECHO, "text", CallOptions.DEFAULT);
            assertThat(gauges.get("rpc.client.calls.running{}").getAsLong()).isOne();
            simulated.time.advance(SimulatedServer.SOON);

            assertThat(counters.get("rpc.client.calls.ended{outcome=succeeded}").getAsLong())
                    .isOne();
            assertThat(gauges.get("rpc.client.calls.running{}").getAsLong()).isZero();
        }
        simulated.server.close();
    }
}
