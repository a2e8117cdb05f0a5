package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.server.AccessRule.Decision;
import org.oncrpckit.rpc.transport.Transport;

class AccessRuleTest {
    private static final CallHeader CALL = new CallHeader(1, Echo.V1, 1);
    private static final SocketAddress UNIX = UnixDomainSocketAddress.of("");

    private final Echo echo = new Echo();

    @Test
    void loopbackOnlyKnowsBothFamiliesAndUnix() {
        AccessRule rule = AccessRule.loopbackOnly();
        assertThat(decide(rule, tcp("127.0.0.1", 5000))).isEqualTo(Decision.ALLOW);
        assertThat(decide(rule, tcp("127.9.9.9", 5000))).isEqualTo(Decision.ALLOW);
        assertThat(decide(rule, tcp("::1", 5000))).isEqualTo(Decision.ALLOW);
        assertThat(rule.decide(CALL, UNIX, Transport.UNIX)).isEqualTo(Decision.ALLOW);
        assertThat(decide(rule, tcp("10.0.0.1", 5000))).isEqualTo(Decision.REFUSE);
        assertThat(decide(rule, tcp("fe80::1", 5000))).isEqualTo(Decision.REFUSE);
    }

    @Test
    void privilegedPortsEndAt1023() {
        AccessRule rule = AccessRule.privilegedPort();
        assertThat(decide(rule, tcp("10.0.0.1", 1023))).isEqualTo(Decision.ALLOW);
        assertThat(decide(rule, tcp("10.0.0.1", 1024))).isEqualTo(Decision.REFUSE);
        assertThat(rule.decide(CALL, UNIX, Transport.UNIX)).isEqualTo(Decision.ALLOW);
    }

    @Test
    void networksCompareBits() {
        AddressBlock block = block("10.1.2.129", 25);
        assertThat(block.contains(SimulatedServer.address("10.1.2.128"))).isTrue();
        assertThat(block.contains(SimulatedServer.address("10.1.2.127"))).isFalse();
        assertThat(block("0.0.0.0", 0).contains(SimulatedServer.address("255.1.2.3"))).isTrue();
        assertThat(block("0.0.0.0", 0).contains(SimulatedServer.address("::1"))).isFalse();
        assertThat(block("2001:db8::", 33).contains(SimulatedServer.address("2001:db8:7fff::")))
                .isTrue();
        assertThat(block("2001:db8::", 33).contains(SimulatedServer.address("2001:db8:8000::")))
                .isFalse();
        assertThat(block("10.0.0.7", 32).contains(SimulatedServer.address("10.0.0.6"))).isFalse();
        assertThatThrownBy(() -> block("10.0.0.0", 33)).hasMessageContaining("10.0.0.0/33");

        AccessRule only = AccessRule.onlyFrom(Set.of(block));
        AccessRule not = AccessRule.notFrom(Set.of(block));
        assertThat(decide(only, tcp("10.1.2.200", 1))).isEqualTo(Decision.ALLOW);
        assertThat(decide(only, tcp("10.1.2.1", 1))).isEqualTo(Decision.DROP);
        assertThat(decide(not, tcp("10.1.2.200", 1))).isEqualTo(Decision.DROP);
        assertThat(decide(not, tcp("10.1.2.1", 1))).isEqualTo(Decision.ALLOW);
    }

    @Test
    void rulesCombineAndMayCoverSomeProceduresOnly() {
        AccessRule both = AccessRule.loopbackOnly().and(AccessRule.privilegedPort());
        assertThat(decide(both, tcp("127.0.0.1", 1000))).isEqualTo(Decision.ALLOW);
        assertThat(decide(both, tcp("127.0.0.1", 5000))).isEqualTo(Decision.REFUSE);
        assertThat(decide(both, tcp("10.0.0.1", 1000))).isEqualTo(Decision.REFUSE);

        AccessRule some = AccessRule.loopbackOnly().forProcedures(Set.of(2, 3));
        assertThat(decide(some, tcp("10.0.0.1", 1000))).isEqualTo(Decision.ALLOW);
        CallHeader covered = new CallHeader(1, Echo.V1, 2);
        assertThat(some.decide(covered, tcp("10.0.0.1", 1000), Transport.TCP))
                .isEqualTo(Decision.REFUSE);
    }

    @Test
    void refusedCallersLearnNothingOfTheProgram() {
        SimulatedServer simulated =
                new SimulatedServer(echo.builder().access(AccessRule.loopbackOnly()).build());
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");

        caller.call(1, Echo.ECHO, "refused");
        assertThat(caller.reply()).isEqualTo("00000001" + "00000001000000010000000100000005");
        caller.send(
                SimulatedServer.call(
                        2,
                        new Procedure<>(
                                new ProgramVersion(Echo.NUMBER, 99),
                                1,
                                "no such version",
                                Echo.ECHO.arguments(),
                                Echo.ECHO.results()),
                        "refused"));
        assertThat(caller.reply()).isEqualTo("00000002" + "00000001000000010000000100000005");
        assertThat(echo.executed).isEmpty();
    }

    @Test
    void hiddenProgramDoesNotExistAndDroppedCallsGetNoAnswer() {
        SimulatedServer hiding =
                new SimulatedServer(
                        echo.builder().access((call, peer, over) -> Decision.HIDE).build());
        SimulatedServer.Caller first = hiding.caller(Transport.TCP, "10.0.0.2");
        first.call(1, Echo.ECHO, "hidden");
        assertThat(first.reply()).endsWith("00000001");

        SimulatedServer dropping =
                new SimulatedServer(
                        builder ->
                                builder.program(echo.program())
                                        .access(AccessRule.notFrom(Set.of(block("10.0.0.2", 32)))));
        SimulatedServer.Caller denied = dropping.caller(Transport.UDP, "10.0.0.2");
        SimulatedServer.Caller allowed = dropping.caller(Transport.UDP, "10.0.0.3");
        denied.call(1, Echo.ECHO, "dropped");
        allowed.call(1, Echo.ECHO, "allowed");
        assertThat(denied.replies).isEmpty();
        assertThat(allowed.replies).hasSize(1);
        assertThat(dropping.server.statistics().count(CallOutcome.ACCESS_DROPPED)).isEqualTo(1);
    }

    @Test
    void ruleThatThrowsRefuses() {
        SimulatedServer simulated =
                new SimulatedServer(
                        echo.builder()
                                .access(
                                        (call, peer, over) -> {
                                            throw new IllegalStateException("broken rule");
                                        })
                                .build());
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(1, Echo.ECHO, "refused");
        assertThat(caller.reply()).endsWith("00000005");
        assertThat(echo.executed).isEmpty();
    }

    private static Decision decide(AccessRule rule, SocketAddress peer) {
        return rule.decide(CALL, peer, Transport.TCP);
    }

    private static SocketAddress tcp(String address, int port) {
        return new InetSocketAddress(SimulatedServer.address(address), port);
    }

    private static AddressBlock block(String address, int bits) {
        return new AddressBlock(SimulatedServer.address(address), bits);
    }
}
