package org.oncrpckit.rpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;

class PortPolicyTest {
    private static final InetAddress HERE = Messages.address("10.0.0.1");
    private static final InetSocketAddress THERE =
            new InetSocketAddress(Messages.address("10.0.0.2"), 2049);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final SimulatedHost here = network.host(HERE);
    private final SimulatedHost there = network.host(THERE.getAddress());

    @Test
    void privilegedTakesTheHighestFreePort() throws IOException {
        PortPolicy policy = new PortPolicy.Privileged(Set.of(1022));

        assertThat(port(policy.bindDatagram(here, HERE))).isEqualTo(1023);
        assertThat(port(policy.bindDatagram(here, HERE))).isEqualTo(1021);
    }

    @Test
    void privilegedEndsAt512() throws IOException {
        PortPolicy policy = new PortPolicy.Privileged(Set.of());
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            ports.add(port(policy.bindDatagram(here, HERE)));
        }

        assertThat(ports).contains(512).doesNotHaveDuplicates();
        assertThatThrownBy(() -> policy.bindDatagram(here, HERE))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("1023 down to 512 on 10.0.0.1");
    }

    @Test
    void addressThatIsNotOursIsNamedAndNotTriedAtEveryPort() {
        assertThatThrownBy(
                        () ->
                                new PortPolicy.Privileged(Set.of())
                                        .bindDatagram(here, THERE.getAddress()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("10.0.0.2:1023")
                .hasMessageContaining("no address of");
    }

    @Test
    void fixedIsThatPortOrNone() throws IOException {
        PortPolicy policy = PortPolicy.fixed(700);

        assertThat(port(policy.bindDatagram(here, HERE))).isEqualTo(700);
        assertThatThrownBy(() -> policy.bindDatagram(here, HERE))
                .hasMessageContaining("10.0.0.1:700");
        assertThatThrownBy(() -> PortPolicy.fixed(0)).hasMessageContaining("port 0");
        assertThatThrownBy(() -> PortPolicy.fixed(65_536)).hasMessageContaining("65536");
    }

    @Test
    void ephemeralIsAnyPort() throws IOException {
        assertThat(port(PortPolicy.ephemeral().bindDatagram(here, HERE))).isGreaterThan(1023);
    }

    @Test
    void connectionsLeaveFromPortsOfThePolicy() throws Exception {
        there.listen(THERE, endpoint -> {});

        assertThat(connectedFrom(PortPolicy.fixed(701))).isEqualTo(701);
        assertThat(connectedFrom(new PortPolicy.Privileged(Set.of(1023)))).isEqualTo(1022);
        assertThat(connectedFrom(new PortPolicy.Privileged(Set.of(1023)))).isEqualTo(1021);
        assertThat(connectedFrom(PortPolicy.ephemeral())).isGreaterThan(1023);
    }

    @Test
    void refusedConnectionIsNotTriedFromOtherPorts() {
        CompletableFuture<Endpoint> future =
                new PortPolicy.Privileged(Set.of()).connect(here, THERE, HERE, LIMIT);
        time.advance(LIMIT);

        assertThatThrownBy(future::get)
                .hasMessageContaining("refused")
                .hasMessageNotContaining("no free port");
    }

    @Test
    void cancelReachesTheAttempt() throws IOException {
        List<Endpoint> accepted = new ArrayList<>();
        there.listen(THERE, accepted::add);
        CompletableFuture<Endpoint> future =
                new PortPolicy.Privileged(Set.of()).connect(here, THERE, HERE, LIMIT);
        future.cancel(false);
        time.advance(LIMIT);

        assertThat(accepted).isEmpty();
    }

    @Test
    void missingRightIsNamed() {
        PortPolicy policy = new PortPolicy.Privileged(Set.of());
        Network forbidding = new Forbidding();

        assertThatThrownBy(() -> policy.bindDatagram(forbidding, HERE))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("CAP_NET_BIND_SERVICE");
        assertThatThrownBy(() -> policy.connect(forbidding, THERE, HERE, LIMIT).get())
                .hasMessageContaining("CAP_NET_BIND_SERVICE");
    }

    @Test
    void blacklistNamesPorts(@TempDir Path folder) throws IOException {
        Path file =
                Files.write(
                        folder.resolve("blacklist"),
                        "# f\u00fcr cups\n\n631\t# cups\n  1023  \nnonsense\n9x\n99999999\n873#rsync\n992 telnets\n"
                                .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(PortPolicy.privileged(file))
                .isEqualTo(new PortPolicy.Privileged(Set.of(631, 1023, 873, 992)));
        assertThat(PortPolicy.privileged(folder.resolve("missing")))
                .isEqualTo(new PortPolicy.Privileged(Set.of()));
        assertThatThrownBy(() -> PortPolicy.privileged(folder)).isInstanceOf(IOException.class);
    }

    @Test
    void portsOfTheBlacklistAreNeverBound(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("blacklist"),
                        IntStream.rangeClosed(512, 1023)
                                .filter(port -> port != 600 && port != 700)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining("\n")));
        PortPolicy policy = PortPolicy.privileged(file);
        there.listen(THERE, endpoint -> {});

        assertThat(connectedFrom(policy)).isEqualTo(700);
        assertThat(connectedFrom(policy)).isEqualTo(600);
        assertThatThrownBy(() -> connectedFrom(policy)).hasMessageContaining("no free port");
        assertThat(port(policy.bindDatagram(here, HERE))).isEqualTo(700);
        assertThat(port(policy.bindDatagram(here, HERE))).isEqualTo(600);
        assertThatThrownBy(() -> policy.bindDatagram(here, HERE))
                .hasMessageContaining("no free port");
    }

    private int connectedFrom(PortPolicy policy) throws Exception {
        CompletableFuture<Endpoint> future = policy.connect(here, THERE, HERE, LIMIT);
        assertThat(time.runUntil(future::isDone, LIMIT)).isTrue();
        return port(future.get());
    }

    private static int port(Endpoint endpoint) {
        return ((InetSocketAddress) endpoint.localAddress()).getPort();
    }

    /** What a kernel says to those who lack the right: no test can count on being one of them. */
    private static final class Forbidding implements Network {
        @Override
        public Endpoint bindDatagram(InetSocketAddress local) throws IOException {
            throw new BindException("cannot bind " + local + ": Permission denied");
        }

        @Override
        public StreamListener listen(SocketAddress local, Consumer<Endpoint> accepted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Endpoint> connect(
                SocketAddress remote, @Nullable InetSocketAddress local, Duration timeLimit) {
            return CompletableFuture.failedFuture(
                    new BindException("cannot connect from " + local + ": Permission denied"));
        }

        @Override
        public InetAddress sourceFor(InetAddress remote) {
            return remote;
        }

        @Override
        public List<InetAddress> localAddresses() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
