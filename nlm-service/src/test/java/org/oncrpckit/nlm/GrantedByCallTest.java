package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.nlm.LinuxClient.Answer;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.transport.Transport;

/** GRANTED in its other shape: a call whose reply is the client's answer. */
class GrantedByCallTest {
    private static final int GRANTED = NlmVersion.V4.granted().call().number();

    private final World world = new World();
    private final LinuxClient called = world.client(1);
    private final LinuxClient other = world.client(2);
    private final World.Daemon daemon =
            world.start(builder -> builder.grantedByCall(List.of(called.address)));
    private final LocalOwner holder = daemon.lockLocally("holder");

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"UDP", "TCP"})
    void whoIsNamedGetsTheCallAndItsReplyIsTheAnswer(Transport transport) {
        called.transport = transport;
        Waiter waiter = wait(called);
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(world.calls(Nlm.PROGRAM, GRANTED)).hasSize(1);
        assertThat(world.grantedMessages()).isEmpty();
        assertThat(daemon.nlm.statistics().callBacksSent()).isEqualTo(1);
    }

    @Test
    void everybodyElseGetsTheMessage() {
        Waiter waiter = wait(other);
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        world.settle();
        assertThat(world.calls(Nlm.PROGRAM, GRANTED)).isEmpty();
        assertThat(world.grantedMessages()).hasSize(1);
    }

    @Test
    void aRefusalHandsTheLockToTheNext() {
        Waiter gone = wait(called);
        Waiter next = wait(other);
        gone.stop();
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.counts().unconfirmed()).isZero();
    }

    @Test
    void aClientInItsOwnGraceIsCalledAgainLater() {
        called.answers = args -> called.granted.size() == 1 ? Answer.GRACE : Answer.KERNEL;
        Waiter waiter = wait(called);
        daemon.unlockLocally(holder);
        world.time.advance(World.SECOND_1);
        assertThat(waiter.has).isFalse();
        assertThat(world.within(Duration.ofSeconds(15), () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void aLostCallOverUdpIsAnotherCopyAndNoRetransmission() {
        called.transport = Transport.UDP;
        Waiter waiter = wait(called);
        world.network.cut(World.SERVER, called.address);
        daemon.unlockLocally(holder);
        world.time.advance(Duration.ofSeconds(9));
        world.network.mend(World.SERVER, called.address);
        assertThat(world.within(World.MINUTE, () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    private Waiter wait(LinuxClient client) {
        Waiter waiter = client.waitFor(client.owner(), World.FILE, 0, 0, true);
        world.settle();
        return waiter;
    }
}
