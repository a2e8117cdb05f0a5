package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a lock is for: four kernels read and write one file at the same time, by every call that
 * programs lock with, and nobody ever sees another's half-done work.
 */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContentionScenarios {
    private static final int[] GUESTS = {1, 2, 3, 4};
    private static final int INCREMENTS_EACH = 500;
    private static final int LOOKS_EACH = 100;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    ContentionScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeAll
    void start() throws IOException {
        nlmd.start(1019, 1018);
        clients.boot(GUESTS);
    }

    @AfterEach
    void nothingIsLeft() {
        nlmd.awaitNothingLeft();
    }

    @AfterAll
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    void twoThousandIncrementsFromFourGuestsMakeTwoThousand() throws Exception {
        List<GuestJob> jobs = new ArrayList<>();
        for (int guest : GUESTS) {
            jobs.add(clients.guest(guest).locks("counter", "count " + INCREMENTS_EACH));
            jobs.add(clients.guest(guest).locks("counter", "watch " + LOOKS_EACH));
        }
        for (GuestJob job : jobs) {
            job.awaitSuccess();
        }
        String count = clients.guest(1).run("dd if=/mnt/counter bs=16 count=1 2>/dev/null");
        assertThat(Integer.parseInt(count.strip())).isEqualTo(GUESTS.length * INCREMENTS_EACH);
    }

    @Test
    void flockKeepsGuestsApart() throws Exception {
        excludes("flock", "fex", "fsh", "wfex", "fun");
    }

    @Test
    void lockfKeepsGuestsApart() throws Exception {
        excludes("lockf", "lockf 10 5", "lockf 14 1", "wlockf 12 100", "ulockf 10 5");
    }

    /** A holder, one that is refused, one that waits and wakes. */
    private void excludes(String file, String take, String tryTake, String await, String release)
            throws IOException {
        GoSign go = clients.goSign(file);
        GuestJob holder =
                clients.guest(1).locks(file, take + " waitfile " + go.inGuest() + " " + release);
        holder.awaitOutput(take + " ok");
        GuestJob refused = clients.guest(2).locks(file, tryTake);
        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("EAGAIN");
        GuestJob waiter = clients.guest(3).locks(file, await);
        nlmd.awaitWaiters(1);
        go.give();
        holder.awaitSuccess();
        waiter.awaitSuccess();
    }

    @Test
    void upgradeAndDowngradeAreSeenByOthers() throws Exception {
        GoSign upgrade = clients.goSign("upgrade");
        GoSign downgrade = clients.goSign("downgrade");
        GoSign end = clients.goSign("upgrade-end");
        GuestJob job =
                clients.guest(1)
                        .locks(
                                "modes",
                                "sh 0 100 waitfile %s ex 20 40 waitfile %s sh 0 100 waitfile %s"
                                        .formatted(
                                                upgrade.inGuest(),
                                                downgrade.inGuest(),
                                                end.inGuest()));
        job.awaitOutput("sh 0 100 ok");
        assertThat(nlmd.held()).containsExactly("SHARED 0-99");
        upgrade.give();
        job.awaitOutput("ex 20 40 ok");
        assertThat(nlmd.held()).containsExactly("SHARED 0-19", "EXCLUSIVE 20-59", "SHARED 60-99");
        assertThat(clients.guest(2).locks("modes", "test 20 40 test 60 10").awaitSuccess())
                .contains("test 20 40 WR 20 40")
                .contains("test 60 10 RD 60 40");
        GuestJob reader = clients.guest(3).locks("modes", "sh 0 10 un 0 10 sh 20 10");
        assertThat(reader.awaitEnd()).isEqualTo(1);
        assertThat(reader.output()).contains("sh 0 10 ok").contains("sh 20 10 EAGAIN");
        downgrade.give();
        nlmd.awaitLocks(1);
        assertThat(nlmd.held()).containsExactly("SHARED 0-99");
        clients.guest(3).locks("modes", "sh 20 10 un 20 10").awaitSuccess();
        end.give();
        job.awaitSuccess();
    }

    @Test
    void splitAndMergeAreSeenByOthers() throws Exception {
        GoSign merge = clients.goSign("merge");
        GoSign end = clients.goSign("merge-end");
        GuestJob job =
                clients.guest(1)
                        .locks(
                                "parts",
                                "ex 0 100 un 30 10 un 60 10 waitfile %s ex 30 10 ex 60 10 waitfile %s"
                                        .formatted(merge.inGuest(), end.inGuest()));
        nlmd.awaitLocks(3);
        assertThat(nlmd.held())
                .containsExactly("EXCLUSIVE 0-29", "EXCLUSIVE 40-59", "EXCLUSIVE 70-99");
        assertThat(clients.guest(2).locks("parts", "test 25 40 test 30 10").awaitSuccess())
                .contains("test 25 40 WR 0 30")
                .contains("test 30 10 free");
        merge.give();
        job.awaitOutput("ex 60 10 ok");
        assertThat(nlmd.held()).containsExactly("EXCLUSIVE 0-99");
        assertThat(clients.guest(2).locks("parts", "test 30 10").awaitSuccess())
                .contains("test 30 10 WR 0 100");
        end.give();
        job.awaitSuccess();
    }

    @Test
    void killedWaiterIsForgotten() throws Exception {
        GoSign go = clients.goSign("killed-waiter");
        GuestJob holder =
                clients.guest(1).locks("waiting", "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        holder.awaitOutput("ex 0 10 ok");
        GuestJob killed = clients.guest(2).locks("waiting", "wex 0 10");
        nlmd.awaitWaiters(1);
        GuestJob waiter = clients.guest(3).locks("waiting", "wex 0 10 un 0 10");
        nlmd.awaitWaiters(2);
        killed.signal("KILL");
        assertThat(killed.awaitEnd()).isNotZero();
        nlmd.awaitWaiters(1);
        go.give();
        holder.awaitSuccess();
        waiter.awaitSuccess();
    }

    /** A guest that dies while it waits is called back in vain; its reboot frees the lock. */
    @Test
    void guestThatDiesWaitingDoesNotKeepItsTurn() throws Exception {
        GoSign go = clients.goSign("dead-waiter");
        GoSign die = clients.goSign("dead-waiter-dies");
        GuestJob holder =
                clients.guest(1).locks("dying", "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        holder.awaitOutput("ex 0 10 ok");
        Guest dying = clients.guest(4);
        dying.locks("dying", "wex 0 10");
        nlmd.awaitWaiters(1);
        dying.locks("elsewhere", "waitfile " + die.inGuest() + " crash");
        GuestJob waiter = clients.guest(3).locks("dying", "wex 0 10 un 0 10");
        nlmd.awaitWaiters(2);
        die.give();
        dying.awaitDown();
        go.give();
        holder.awaitSuccess();

        clients.boot(4);

        waiter.awaitSuccess();
    }
}
