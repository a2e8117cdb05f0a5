package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.ShareArgs;
import org.oncrpckit.nlm.protocol.ShareReply;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** SHARE, UNSHARE, NM_LOCK, FREE_ALL: procedures 20 to 23. */
class SharesTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final ScriptedPeer one = new ScriptedPeer(world, 1, NlmVersion.V3);
    private final ScriptedPeer two = new ScriptedPeer(world, 2, NlmVersion.V4);

    @Test
    void oneDeniesWhatAnotherDoes() {
        assertThat(one.share("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        assertThat(two.share("b", Share.READ, Share.READ)).isEqualTo(NlmStatus.DENIED);
        assertThat(one.unshare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void theReplyHasTheCookieAndSequenceZero() {
        ShareArgs args = one.shareArgs("a", Share.READ, Share.NONE, false);
        assertThat(one.call(one.version.share(), args))
                .isEqualTo(new ShareReply(args.cookie(), NlmStatus.GRANTED, 0));
    }

    @Test
    void bug13_anUpgradeLooksAtEverybodyElseWhateverTheOrder() {
        assertThat(one.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.share("a", Share.READ, Share.READ)).isEqualTo(NlmStatus.DENIED);
        assertThat(two.share("b", Share.READ, Share.READ)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void bug14_severalSharesOfOneOwnerAreGivenBackOneByOne() {
        assertThat(one.share("a", Share.READ_WRITE, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        one.unshare("a", Share.READ, Share.NONE);
        assertThat(two.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        one.unshare("a", Share.READ_WRITE, Share.WRITE);
        assertThat(two.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void bug15_aShareThatOnlyDenies() {
        assertThat(one.share("a", Share.NONE, Share.READ)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        assertThat(two.share("b", Share.NONE, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        one.unshare("a", Share.NONE, Share.READ);
        assertThat(two.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void bug16_freeAllLeavesNothingOfTheHost() {
        one.share("a", Share.READ_WRITE, Share.WRITE);
        one.share("a", Share.READ, Share.NONE);
        one.share("a", Share.READ, Share.NONE);
        one.lock(one.describe(1, 0, 0), true, false);
        two.share("b", Share.NONE, Share.NONE);

        one.freeAll();

        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().shares()).isEqualTo(1);
    }

    @Test
    void freeAllOfAnotherHostUnderThisNameFreesNothing() {
        one.share("a", Share.READ, Share.NONE);
        two.name = one.name;
        two.freeAll();
        assertThat(daemon.counts().shares()).isEqualTo(1);
    }

    @Test
    void unsharingWhatWasNeverSharedIsGranted() {
        assertThat(one.unshare("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        one.share("a", Share.READ, Share.NONE);
        assertThat(one.unshare("a", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.unshare("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().shares()).isEqualTo(1);
    }

    @Test
    void aHostThatHasOnlySharesIsNotForgotten() {
        one.share("a", Share.READ, Share.WRITE);
        one.lock(one.describe(0, "a", World.FILE, 0, 0), true, false);
        one.unlock(one.describe(0, "a", World.FILE, 0, 0));

        world.time.advance(HostRegistry.IDLE.multipliedBy(2));

        assertThat(daemon.counts().hosts()).isEqualTo(1);
        assertThat(two.share("b", Share.WRITE, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        one.unshare("a", Share.READ, Share.WRITE);
        world.time.advance(HostRegistry.IDLE.multipliedBy(2));
        assertThat(daemon.counts().hosts()).isZero();
    }

    @Test
    void bug18_sharesInGraceCanBeReclaimedAndGivenBack() {
        one.share("a", Share.READ, Share.WRITE);
        daemon.kill();
        world.host.restart();
        World.Daemon next = world.start(builder -> builder.grace(Duration.ofSeconds(45)));

        assertThat(two.share("b", Share.WRITE, Share.NONE))
                .isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
        ShareArgs reclaim = one.shareArgs("a", Share.READ, Share.WRITE, true);
        assertThat(one.call(one.version.share(), reclaim).status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.unshare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(next.counts().shares()).isZero();
    }

    @Test
    void sharesCountAgainstTheLimitOfTheHost() {
        daemon.kill();
        world.host.restart();
        world.start(builder -> builder.limits(new NlmLimits(100, 2, 10, 10, 10, 4)));
        one.lock(one.describe(1, 0, 1), true, false);
        assertThat(one.share("a", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.DENIED_NOLOCKS);
        one.unshare("a", Share.READ, Share.NONE);
        world.time.advance(Duration.ofSeconds(2));
        assertThat(one.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void unmonitoredLocksAreLocksAndTheirStateNumberSaysNothing() {
        LockArgs args = one.lockArgs(one.describe(1, 0, 0), true, false);
        assertThat(one.call(one.version.unmonitoredLock(), args).status())
                .isEqualTo(NlmStatus.GRANTED);
        one.state += 40;
        LockArgs later = one.lockArgs(one.describe(2, 0, 0), true, false);
        assertThat(one.call(one.version.unmonitoredLock(), later).status())
                .isEqualTo(NlmStatus.DENIED);
        assertThat(daemon.nsm.monitoredHosts()).isZero();
    }

    @Test
    void versionOneHasNoneOfThem() {
        ScriptedPeer old = new ScriptedPeer(world, 3, NlmVersion.V1);
        assertUnavailable(() -> old.share("a", Share.READ, Share.NONE));
        assertUnavailable(old::freeAll);
    }

    @Test
    void seventeenToNineteenDoNotExist() {
        for (int unknown : List.of(17, 18, 19, 24)) {
            Procedure<Nothing, Nothing> procedure =
                    new Procedure<>(
                            two.version.programVersion(),
                            unknown,
                            "unknown",
                            XdrCodecs.VOID,
                            XdrCodecs.VOID);
            assertUnavailable(() -> two.call(procedure, Nothing.NOTHING));
        }
    }

    private static void assertUnavailable(ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasCauseInstanceOf(RpcRejectedException.class)
                .hasMessageContaining("PROC_UNAVAIL");
    }
}
