package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** A call is executed once, however often it arrives. */
class DuplicateCallTest {
    private final Echo echo = new Echo();
    private final SimulatedServer simulated = new SimulatedServer(echo.program());

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void duplicateOfAnEndedCallIsAnsweredFromMemory(Transport transport) {
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");
        caller.call(7, Echo.ECHO, "once");
        String first = caller.reply();

        caller.call(7, Echo.ECHO, "once");
        caller.call(7, Echo.ECHO, "once");

        assertThat(caller.replies).containsExactly(first, first);
        assertThat(echo.executed).containsExactly("once");
        assertThat(simulated.server.statistics().count(CallOutcome.DUPLICATE_ANSWERED))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void duplicateOfACallInProgressIsDropped(Transport transport) {
        SimulatedServer.Caller caller = simulated.caller(transport, "10.0.0.2");
        caller.call(7, Echo.LATER, "slow");
        caller.call(7, Echo.LATER, "slow");
        assertThat(caller.replies).isEmpty();

        echo.later.get(0).complete("done");
        simulated.time.advance(SimulatedServer.SOON);

        assertThat(caller.replies).hasSize(1);
        assertThat(echo.executed).containsExactly("slow");
        caller.call(7, Echo.LATER, "slow");
        assertThat(caller.replies).hasSize(2);
        assertThat(caller.replies.get(1)).isEqualTo(caller.replies.get(0));
        assertThat(echo.executed).containsExactly("slow");
    }

    @Test
    void duplicateOfAOneWayCallIsNotExecuted() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(7, Echo.TELL, "once");
        caller.call(7, Echo.TELL, "once");

        assertThat(echo.executed).containsExactly("once");
        assertThat(caller.replies).isEmpty();
        assertThat(simulated.server.statistics().callsInProgress()).isZero();
        assertThat(simulated.server.statistics().count(CallOutcome.DUPLICATE_DROPPED)).isEqualTo(1);

        // It has ended, and so makes room in its time.
        simulated.time.advance(Duration.ofSeconds(121));
        caller.call(8, Echo.TELL, "later");
        assertThat(simulated.server.statistics().replyCacheEntries()).isEqualTo(1);
    }

    @Test
    void idempotentProcedureIsExecutedAgain() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(7, Echo.QUERY, "twice");
        caller.call(7, Echo.QUERY, "twice");

        assertThat(echo.executed).containsExactly("twice", "twice");
        assertThat(simulated.server.statistics().replyCacheEntries()).isZero();
    }

    @Test
    void otherXidArgumentsPortOrHostIsAnotherCall() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        SimulatedServer.Caller otherPort =
                simulated
                .new Caller(caller.host, Transport.UDP, SimulatedServer.address("10.0.0.2"), 5);
        SimulatedServer.Caller otherHost = simulated.caller(Transport.UDP, "10.0.0.3");

        caller.call(7, Echo.ECHO, "a");
        caller.call(7, Echo.ECHO, "b");
        caller.call(8, Echo.ECHO, "a");
        otherPort.call(7, Echo.ECHO, "a");
        otherHost.call(7, Echo.ECHO, "a");

        assertThat(echo.executed).containsExactly("a", "b", "a", "a", "a");
    }

    @Test
    void credentialTakesNoPart() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        OpaqueAuth other = new OpaqueAuth(AuthFlavor.NONE, Opaque.copyOf(new byte[] {1, 2, 3, 4}));
        caller.call(7, Echo.ECHO, "once");
        caller.send(SimulatedServer.call(7, Echo.ECHO, "once", other));

        assertThat(echo.executed).containsExactly("once");
    }

    @Test
    void failureIsRememberedButGarbageIsNot() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        echo.hook =
                (call, argument) -> {
                    echo.executed.add("failed");
                    throw new IllegalStateException("disk gone");
                };
        caller.call(7, Echo.HOOK, 1);
        caller.call(7, Echo.HOOK, 1);
        assertThat(echo.executed).containsExactly("failed");
        assertThat(caller.replies).hasSize(2);

        byte[] cut = Arrays.copyOf(SimulatedServer.call(9, Echo.ECHO, "x"), 42);
        caller.send(cut);
        assertThat(simulated.server.statistics().replyCacheEntries()).isEqualTo(1);
    }

    @Test
    void timeLimitIsRememberedSoTheHandlerDoesNotRunBesideItself() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(7, Echo.LATER, "slow");
        simulated.time.advance(Duration.ofSeconds(31));
        caller.call(7, Echo.LATER, "slow");

        assertThat(echo.executed).containsExactly("slow");
        assertThat(caller.replies).hasSize(2);
    }

    @Test
    void repliesAreForgottenAfterTwoMinutes() {
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        caller.call(7, Echo.ECHO, "again");
        simulated.time.advance(Duration.ofSeconds(119));
        caller.call(7, Echo.ECHO, "again");
        assertThat(echo.executed).hasSize(1);

        simulated.time.advance(Duration.ofSeconds(2));
        caller.call(7, Echo.ECHO, "again");
        assertThat(echo.executed).hasSize(2);
        assertThat(simulated.server.statistics().replyCacheEntries()).isEqualTo(1);
    }

    @Test
    void callerThatReconnectsFromTheSamePortFindsItsReply() {
        SimulatedHost host = simulated.network.host(SimulatedServer.address("10.0.0.2"));
        SimulatedServer.Caller first =
                simulated.new Caller(host, Transport.TCP, SimulatedServer.address("10.0.0.2"), 800);
        first.call(7, Echo.ECHO, "once");
        String reply = first.reply();
        first.call(8, Echo.LATER, "slow");
        first.endpoint.close();
        simulated.time.advance(SimulatedServer.SOON);

        SimulatedServer.Caller second =
                simulated.new Caller(host, Transport.TCP, SimulatedServer.address("10.0.0.2"), 800);
        second.call(7, Echo.ECHO, "once");
        assertThat(second.reply()).isEqualTo(reply);
        second.call(8, Echo.LATER, "slow");
        echo.later.get(0).complete("to the new connection");
        simulated.time.advance(SimulatedServer.SOON);

        assertThat(second.replies).hasSize(1);
        assertThat(echo.executed).containsExactly("once", "slow");
    }

    @Test
    void callsOverALossyReorderingNetworkAreExecutedOnceEach() {
        System.out.println("seed " + SimulatedServer.SEED + " (set with -Dseed=)");
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        simulated.network.setQuality(
                LinkQuality.GOOD
                        .withLoss(0.2)
                        .withDuplication(0.3)
                        .withDelay(Duration.ofMillis(1), Duration.ofSeconds(2)));
        int calls = 500;
        List<String> wanted = new ArrayList<>();
        for (int xid = 0; xid < calls; xid++) {
            wanted.add("call " + xid);
        }
        for (int round = 0; round < 12; round++) {
            for (int xid = 0; xid < calls; xid++) {
                byte[] message = SimulatedServer.call(xid, Echo.ECHO, wanted.get(xid));
                caller.endpoint.send(simulated.address, ByteBuffer.wrap(message));
            }
            simulated.time.advance(Duration.ofMillis(700));
        }
        simulated.time.advance(Duration.ofSeconds(5));

        assertThat(echo.executed).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(new HashSet<>(caller.replies)).hasSize(calls);
    }
}
