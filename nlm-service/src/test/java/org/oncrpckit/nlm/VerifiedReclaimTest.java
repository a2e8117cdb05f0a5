package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.lock.Share;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.reclaim.FileReclaimJournal;
import org.oncrpckit.xdr.Opaque;

/** After a kill, only what the journal shows as held is granted again within grace. */
class VerifiedReclaimTest {
    private final World world = new World();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);
    private final Owner owner = one.owner();
    private final ScriptedPeer pc = new ScriptedPeer(world, 3, NlmVersion.V3);

    @TempDir private Path folder;
    private Path file = Path.of("");
    private World.Daemon daemon;

    @BeforeEach
    void startFirst() throws IOException {
        file = folder.resolve("held.journal");
        daemon = start("boot 1");
        assertThat(one.lock(owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void whatWasHeldIsGranted() throws IOException {
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(reclaim(one, owner, World.FILE, 10, 20, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nlm.reclaims()).isEqualTo("verify");
    }

    @Test
    void whatWasNeverHeldIsRefused() throws IOException {
        restart("boot 1");
        assertThat(reclaim(one, one.owner(), World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(two, two.owner(), World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.OTHER_FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.FILE, 0, 101, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.nlm.statistics().reclaimsRefused()).isEqualTo(4);
    }

    @Test
    void whatWasUnlockedIsRefused() throws IOException {
        one.close(owner, World.FILE);
        one.lock(owner, World.OTHER_FILE, 0, 10, true);
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.OTHER_FILE, 0, 10, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aStrongerModeThanBeforeIsRefused() throws IOException {
        one.lock(owner, World.FILE, 20, 10, false);
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 20, 10, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.FILE, 0, 100, false)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void whatAClientThatRestartedHadIsRefused() throws IOException {
        one.crash();
        one.reboot();
        world.settle();
        one.lock(one.owner(), World.OTHER_FILE, 0, 1, true);
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void whatWasGrantedToAWaiterIsGranted() throws IOException {
        Owner second = two.owner();
        LinuxClient.Waiter waiter = two.waitFor(second, World.FILE, 0, 100, true);
        world.settle();
        one.close(owner, World.FILE);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        restart("boot 1");
        assertThat(reclaim(two, second, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aSecondKillWithinGraceLosesNothing() throws IOException {
        restart("boot 1");
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void shareReservationsAreVerifiedToo() throws IOException {
        assertThat(pc.share("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(pc.share("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
        pc.unshare("b", Share.READ, Share.NONE);
        restart("boot 1");
        assertThat(reclaimShare("a", Share.READ, Share.READ)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaimShare("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaimShare("c", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.nlm.statistics().reclaimsRefused()).isEqualTo(3);
    }

    @Test
    void aShareThatIsTakenTwiceIsThereUntilItIsGivenBackTwice() throws IOException {
        pc.share("a", Share.READ, Share.WRITE);
        pc.share("a", Share.READ, Share.WRITE);
        pc.unshare("a", Share.READ, Share.WRITE);
        restart("boot 1");
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        restart("boot 1"); // Within grace: what was reclaimed is not there twice now.
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.GRANTED);
        pc.unshare("a", Share.READ, Share.WRITE);
        restart("boot 1");
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void sharesOfAHostThatGaveAllBackAreRefused() throws IOException {
        pc.share("a", Share.READ, Share.WRITE);
        pc.freeAll();
        pc.share("b", Share.READ, Share.NONE);
        restart("boot 1");
        assertThat(reclaimShare("a", Share.READ, Share.WRITE)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaimShare("b", Share.READ, Share.NONE)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void whatWasNotReclaimedInGraceIsLost() throws IOException {
        restart("boot 1");
        daemon.nlm.grace().end();
        two.lock(two.owner(), World.OTHER_FILE, 0, 1, true);
        restart("boot 1");
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
    }

    @Test
    void afterALossOfPowerEverythingIsTrustedUntilGraceIsOver() throws IOException {
        restart("boot 2");
        assertThat(daemon.nlm.reclaims()).startsWith("trust until grace is over");
        restart("boot 2");
        assertThat(reclaim(one, one.owner(), World.FILE, 0, 100, true))
                .isEqualTo(NlmStatus.GRANTED);
        daemon.nlm.grace().end();
        assertThat(daemon.nlm.reclaims()).isEqualTo("verify");
    }

    @Test
    void aRunThatEndedInOrderIsBelievedAfterAReboot() throws IOException {
        daemon.kill(); // Closes the lock manager, and with it the journal.
        daemon = start("boot 2");
        assertThat(reclaim(one, one.owner(), World.FILE, 0, 100, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aTornTailIsSkipped() throws IOException {
        byte[] written = Files.readAllBytes(file);
        one.lock(owner, World.OTHER_FILE, 0, 1, true);
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file), written.length + 11);
        daemon.kill();
        Files.write(file, torn);
        daemon = start("boot 1");
        assertThat(reclaim(one, owner, World.OTHER_FILE, 0, 1, true)).isEqualTo(NlmStatus.DENIED);
        assertThat(reclaim(one, owner, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
    }

    @Test
    void aDamagedOrForeignFileIsPutAsideAndTrusted() throws IOException {
        byte[] written = Files.readAllBytes(file);
        written[24] ^= 1; // In the body of the first record.
        assertTrusted(written);
        byte[] later = Files.readAllBytes(file);
        later[11]--; // The version before, which had no share reservations.
        assertTrusted(later);
        assertTrusted("something else".getBytes(StandardCharsets.US_ASCII));
        assertTrusted(new byte[0]);
    }

    @Test
    void whatIsNoFileIsARefusalToStart() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> open("boot 1")).hasMessageContaining("move it away");
    }

    private void assertTrusted(byte[] content) throws IOException {
        daemon.kill();
        Files.write(file, content);
        daemon = start("boot 1");
        assertThat(daemon.nlm.reclaims()).startsWith("trust until grace is over");
        assertThat(folder.resolve("held.journal.unreadable")).hasBinaryContent(content);
    }

    private NlmStatus reclaimShare(String owner, Share access, Share deny) {
        return pc.call(pc.version.share(), pc.shareArgs(owner, access, deny, true)).status();
    }

    private NlmStatus reclaim(
            LinuxClient client, Owner by, Opaque of, long offset, long length, boolean exclusive) {
        return world.await(client.sendLock(by, of, offset, length, exclusive, false, true));
    }

    /** SIGKILL keeps what was written, and writes nothing more. */
    private void restart(String bootId) throws IOException {
        byte[] written = Files.readAllBytes(file);
        daemon.kill();
        Files.write(file, written, StandardOpenOption.TRUNCATE_EXISTING);
        daemon = start(bootId);
        assertThat(daemon.nlm.grace().isActive()).isTrue();
    }

    private World.Daemon start(String bootId) throws IOException {
        world.settle(); // Clients see that their connections are closed.
        FileReclaimJournal journal = open(bootId);
        return world.start(builder -> builder.reclaims(journal));
    }

    private FileReclaimJournal open(String bootId) throws IOException {
        return FileReclaimJournal.open(file, bootId, Runnable::run);
    }
}
