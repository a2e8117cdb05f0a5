package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LinuxClient.Answer;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.xdr.Opaque;

/** Another host that uses a victim's names and numbers gets and frees nothing. */
class ForgeryTest {
    private static final InetAddress ADDRESS = World.address("10.0.1.66");

    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient victim = world.client(1);

    /** It calls itself what the victim calls itself. */
    private final LinuxClient forger = new LinuxClient(world, ADDRESS, "client1");

    @Test
    void itDoesNotUnlockForTheVictim() {
        Owner owner = victim.owner();
        victim.lock(owner, World.FILE, 0, 0, true);
        forger.lock(forger.owner(), World.OTHER_FILE, 0, 0, true);

        assertThat(forger.close(owner, World.FILE)).isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().locks()).isEqualTo(2);
        assertThat(forger.lock(owner, World.FILE, 0, 0, true)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void itDoesNotCancelForTheVictim() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = victim.waitFor(victim.owner(), World.FILE, 0, 0, true);
        world.settle();

        assertThat(world.await(forger.sendCancel(waiter))).isEqualTo(NlmStatus.GRANTED);

        assertThat(daemon.counts().waiters()).isEqualTo(1);
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
    }

    @Test
    void itsNewStateNumberIsNotTheVictims() {
        victim.lock(victim.owner(), World.FILE, 0, 0, true);
        forger.state = victim.state + 2;

        forger.lock(forger.owner(), World.OTHER_FILE, 0, 0, true);

        assertThat(daemon.counts().locks()).isEqualTo(2);
    }

    @Test
    void bug32_itsRestartNoticeFreesItsOwnLocksOnly() {
        victim.lock(victim.owner(), World.FILE, 0, 0, true);
        forger.lock(forger.owner(), World.OTHER_FILE, 0, 0, true);

        forger.tellState(victim.state + 2);
        world.settle();

        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .satisfies(
                        lock ->
                                assertThat(((OwnerLabel.Remote) lock.owner()).client())
                                        .isEqualTo(victim.address));
    }

    @Test
    void itCannotAnswerForTheVictimEvenWithTheCookie() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = victim.waitFor(victim.owner(), World.FILE, 0, 0, true);
        forger.lock(forger.owner(), World.OTHER_FILE, 0, 0, true);
        world.settle();
        victim.answers = args -> Answer.LOSE_CALL;
        daemon.unlockLocally(holder);
        world.settle();

        CompletableFuture<?> reply =
                forger.sendResult(victim.granted.get(0).cookie(), NlmStatus.DENIED);
        world.await(reply);

        assertThat(daemon.counts().unacknowledged()).isEqualTo(1);
        assertThat(daemon.counts().locks()).isEqualTo(2);
        victim.answers = args -> Answer.KERNEL;
        assertThat(world.within(World.MINUTE, () -> waiter.has)).isTrue();
    }

    @Test
    void anAnswerWithACookieOfNobodyIsDropped() {
        victim.lock(victim.owner(), World.FILE, 0, 0, true);
        world.await(victim.sendResult(victim.cookie(), NlmStatus.DENIED));
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void itsFreeAllFreesItsOwnLocksOnly() {
        victim.lock(victim.owner(), World.FILE, 0, 0, true);
        ScriptedPeer freer = new ScriptedPeer(world, 66, NlmVersion.V3);
        freer.name = victim.name;
        freer.lock(freer.describe(1, "x", World.OTHER_FILE, 0, 0), true, false);

        freer.freeAll();

        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void bug50_nobodyOutsideCanPlayTheStatusMonitor() {
        List<HostStatus> heard = new ArrayList<>();
        daemon.kill();
        world.host.restart();
        world.start(builder -> builder.statusCallBack(heard::add));
        HostStatus status = new HostStatus(victim.name, 9, Opaque.copyOf(new byte[16]));
        for (NlmVersion each : NlmVersion.all()) {
            ScriptedPeer player = new ScriptedPeer(world, 70 + each.number(), each);
            assertThatThrownBy(() -> player.call(each.statusCallBack(), status))
                    .hasMessageContaining("AUTH_TOOWEAK");
        }
        assertThat(heard).isEmpty();
    }
}
