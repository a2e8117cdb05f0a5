package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** What can be asked of a client: each setting by itself, and the ranges. */
class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final CallOptions OPTIONS = CallOptions.DEFAULT;

    @Test
    void eachOptionOfACallIsSetByItself() {
        OpaqueAuth credential = new OpaqueAuth(AuthFlavor.SHORT, Opaque.ofUtf8("x"));
        assertThat(
                        OPTIONS.withTimeLimit(SECOND)
                                .withCredential(credential)
                                .withRetransmission(Retransmission.NEVER)
                                .withAnyReplyPort(true))
                .isEqualTo(new CallOptions(SECOND, credential, Retransmission.NEVER, true));
    }

    @Test
    void timeLimitUntilADeadlineIsWhatIsLeftAndNeverNothing() {
        VirtualTime time = new VirtualTime();
        Deadline deadline = Deadline.in(time, Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(2));
        assertThat(OPTIONS.until(deadline).timeLimit()).isEqualTo(Duration.ofSeconds(3));
        time.advance(Duration.ofSeconds(9));
        assertThat(OPTIONS.until(deadline).timeLimit()).isEqualTo(Duration.ofNanos(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void timeLimitsArePositive(long nanos) {
        Duration limit = Duration.ofNanos(nanos);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withTimeLimit(limit))
                .withMessage("time limit " + limit + " is not positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionPolicy(limit, SECOND, SECOND, SECOND, 1))
                .withMessageStartingWith("connect time limit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionPolicy(SECOND, limit, SECOND, SECOND, 1))
                .withMessageStartingWith("idle limit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionPolicy(SECOND, SECOND, limit, SECOND, 1))
                .withMessageStartingWith("first back-off");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retransmission(limit, SECOND, 1, true))
                .withMessageContaining("0 < first <= longest");
    }

    @Test
    void longestIntervalIsNotShorterThanTheFirst() {
        Duration less = SECOND.minusNanos(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retransmission(SECOND, less, 1, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionPolicy(SECOND, SECOND, SECOND, less, 1))
                .withMessageContaining("longest back-off PT0.999999999S");
    }

    @Test
    void countsAreAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retransmission(SECOND, SECOND, 0, true))
                .withMessage("0 transmissions (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionPolicy(SECOND, SECOND, SECOND, SECOND, 0))
                .withMessage("0 calls in flight (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gathering.upTo(0))
                .withMessage("0 replies (expected: at least 1)");
        ClientLimits limits = ClientLimits.DEFAULT;
        for (Runnable wrong :
                List.<Runnable>of(
                        () -> limits.withPerHost(0, 1),
                        () -> limits.withPerHost(1, 0),
                        () -> limits.withCalls(0),
                        () -> limits.withHosts(0),
                        () -> limits.withConnections(0))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(wrong::run)
                    .withMessageContaining("expected: all at least 1");
        }
        assertThat(limits.withPerHost(1, 2).withCalls(3).withHosts(4).withConnections(5))
                .isEqualTo(new ClientLimits(1, 2, 3, 4, 5));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void addressFitsItsTransport(Transport transport) {
        boolean unix = transport == Transport.UNIX;
        SocketAddress path = UnixDomainSocketAddress.of("/run/x");
        SocketAddress unresolved = InetSocketAddress.createUnresolved("nobody.invalid", 1);
        SocketAddress wrong = unix ? SimulatedWorld.socket(1) : path;
        SocketAddress right = unix ? path : SimulatedWorld.socket(1);
        for (SocketAddress each : List.of(wrong, unresolved)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RpcTarget(transport, each, null))
                    .withMessage(each + " is no address for " + transport);
        }
        assertThat(new RpcTarget(transport, right, null).from(SimulatedWorld.CLIENT))
                .isEqualTo(new RpcTarget(transport, right, SimulatedWorld.CLIENT));
    }
}
