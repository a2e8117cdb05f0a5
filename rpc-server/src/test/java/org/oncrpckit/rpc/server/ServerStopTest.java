package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;

/** Stopping: what has begun may end, what comes is dropped, then everything is closed. */
class ServerStopTest {
    private final Echo echo = new Echo();
    private final RecordingListener listener = new RecordingListener();
    private final SimulatedServer simulated =
            new SimulatedServer(builder -> builder.program(echo.program()).listener(listener));

    @Test
    @Timeout(10)
    void idleServerStopsAtOnce() throws Exception {
        simulated.server.stop(Duration.ofHours(1));
        simulated.server.stop(Duration.ofHours(1));
        simulated.server.close();
    }

    @Test
    void callsInProgressAreAnsweredBeforeTheirConnectionIsClosed() {
        SimulatedServer.Caller tcp = simulated.caller(Transport.TCP, "10.0.0.2");
        SimulatedServer.Caller udp = simulated.caller(Transport.UDP, "10.0.0.3");
        tcp.call(1, Echo.LATER, "slow");

        CompletableFuture<Void> stopped =
                simulated.server.stopAsync(Duration.ofSeconds(10)).toCompletableFuture();
        udp.call(2, Echo.ECHO, "too late");
        assertThat(stopped).isNotDone();
        assertThat(udp.replies).isEmpty();

        echo.later.get(0).complete("in time");
        simulated.time.advance(SimulatedServer.SOON);

        assertThat(stopped).isDone();
        assertThat(tcp.reply()).startsWith("00000001");
        assertThat(reason(tcp.endpoint)).isEqualTo(CloseReason.PEER);
        assertThat(reason(simulated.udp)).as("attached, not the server's to close").isNull();
        assertThat(listener.events)
                .containsExactly(
                        "accepted", "turned away STOPPING", "ended SUCCESS", "closed LOCAL");
    }

    @Test
    void afterTheLimitEverythingIsClosed() {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        caller.call(1, Echo.LATER, "never");

        CompletableFuture<Void> stopped =
                simulated.server.stopAsync(Duration.ofSeconds(10)).toCompletableFuture();
        simulated.time.advance(Duration.ofSeconds(9));
        assertThat(stopped).isNotDone();
        simulated.time.advance(Duration.ofSeconds(2));

        assertThat(stopped).isDone();
        assertThat(reason(caller.endpoint)).isEqualTo(CloseReason.PEER);
        echo.later.get(0).complete("nobody is there");
        assertThat(listener.events).contains("not sent CLOSED");
        assertThat(simulated.server.statistics().callsInProgress()).isZero();
        assertThat(simulated.server.statistics().connections()).isZero();
    }

    @Test
    void secondStopMayShortenTheLimit() {
        SimulatedServer.Caller caller = simulated.caller(Transport.TCP, "10.0.0.2");
        caller.call(1, Echo.LATER, "never");
        var patient = simulated.server.stopAsync(Duration.ofHours(1)).toCompletableFuture();

        simulated.server.close();

        assertThat(patient).isDone();
    }

    @Test
    void stoppedServerTakesNothingMore() throws Exception {
        simulated.server.close();

        assertThatThrownBy(() -> simulated.server.addProgram(echo.program()))
                .isInstanceOf(IllegalStateException.class);
        InetSocketAddress other = new InetSocketAddress(simulated.address.getAddress(), 4045);
        assertThatThrownBy(() -> simulated.server.listen(other))
                .isInstanceOf(IllegalStateException.class);
        Endpoint endpoint = simulated.host.bindDatagram(other);
        assertThatThrownBy(() -> simulated.server.attach(endpoint))
                .isInstanceOf(IllegalStateException.class);
        CompletableFuture<Endpoint> connecting =
                simulated
                        .network
                        .host(SimulatedServer.address("10.0.0.2"))
                        .connect(simulated.address, null, Duration.ofSeconds(1));
        simulated.time.advance(Duration.ofSeconds(2));
        assertThat(connecting).isCompletedExceptionally();
    }

    @Test
    void connectionsOverTheLimitOfAHostAreClosedAtOnce() {
        SimulatedServer limited = limitedTo(3, 2);
        SimulatedServer.Caller first = limited.caller(Transport.TCP, "10.0.0.2");
        SimulatedServer.Caller second = another(limited, first);
        SimulatedServer.Caller third = another(limited, first);
        limited.time.advance(SimulatedServer.SOON);

        assertThat(reason(second.endpoint)).isNull();
        assertThat(reason(third.endpoint)).isEqualTo(CloseReason.PEER);
        assertThat(limited.server.statistics().connectionsRefused()).isEqualTo(1);

        first.endpoint.close();
        limited.time.advance(SimulatedServer.SOON);
        SimulatedServer.Caller again = another(limited, first);
        again.call(1, Echo.ECHO, "room again");
        assertThat(again.replies).hasSize(1);
        assertThat(limited.server.statistics().connections()).isEqualTo(2);
    }

    @Test
    void hostWithMostConnectionsMakesRoomForOthers() {
        SimulatedServer limited = limitedTo(4, 3);
        SimulatedServer.Caller oldest = limited.caller(Transport.TCP, "10.0.0.2");
        SimulatedServer.Caller second = another(limited, oldest);
        SimulatedServer.Caller third = another(limited, oldest);
        SimulatedServer.Caller other = limited.caller(Transport.TCP, "10.0.0.3");
        SimulatedServer.Caller newcomer = limited.caller(Transport.TCP, "10.0.0.4");
        limited.time.advance(SimulatedServer.SOON);
        assertThat(reason(oldest.endpoint)).isEqualTo(CloseReason.PEER);
        newcomer.call(1, Echo.ECHO, "has a place");
        assertThat(newcomer.replies).hasSize(1);

        SimulatedServer.Caller asMany = another(limited, other);
        limited.time.advance(SimulatedServer.SOON);
        assertThat(reason(asMany.endpoint)).as("nobody has more").isEqualTo(CloseReason.PEER);
        assertThat(List.of(second, third, other, newcomer))
                .allSatisfy(caller -> assertThat(reason(caller.endpoint)).isNull());
        assertThat(limited.server.statistics().connections()).isEqualTo(4);
        assertThat(limited.server.statistics().connectionsRefused()).isEqualTo(2);
    }

    private SimulatedServer limitedTo(int connections, int perHost) {
        return new SimulatedServer(
                builder ->
                        builder.program(echo.program())
                                .limits(ServerLimits.DEFAULT.withConnections(connections, perHost))
                                .listener(listener));
    }

    private static SimulatedServer.Caller another(
            SimulatedServer server, SimulatedServer.Caller sameHost) {
        return server
        .new Caller(
                sameHost.host,
                Transport.TCP,
                ((InetSocketAddress) sameHost.local()).getAddress(),
                0);
    }

    private static CloseReason reason(Endpoint endpoint) {
        return endpoint.closed().toCompletableFuture().getNow(null);
    }
}
