package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.Capture.NlmMessage;

/** Programs in real Linux kernels lock files, and one daemon decides. */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockingScenarios {
    private static final double WAKE_LIMIT_SECONDS = 0.5;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    LockingScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeAll
    void start() throws IOException {
        nlmd.start(1019, 1018);
        clients.boot(1, 2, 3, 4);
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
    void guestLocksTestsAndUnlocksRanges() throws Exception {
        GoSign seenByOthers = clients.goSign("ranges-seen");
        GuestJob job =
                clients.guest(1)
                        .locks(
                                "ranges",
                                "ex 0 100 un 40 20 sh 200 0 waitfile "
                                        + seenByOthers.inGuest()
                                        + " un 0 0");
        nlmd.awaitLocks(3);
        assertThat(nlmd.held())
                .containsExactly("EXCLUSIVE 0-39", "EXCLUSIVE 60-99", "SHARED 200-EOF");
        String seen =
                clients.guest(2)
                        .locks("ranges", "test 0 100 test 40 20 test 150 100 test 300 1")
                        .awaitSuccess();
        assertThat(seen)
                .contains("test 0 100 WR 0 40")
                .contains("test 40 20 free")
                .contains("test 150 100 RD 200 0")
                .contains("test 300 1 RD 200 0");
        seenByOthers.give();
        job.awaitSuccess();
    }

    @Test
    void secondGuestIsRefusedThenWakesByCallBack() throws Exception {
        GoSign go = clients.goSign("granted");
        try (Capture capture = clients.capture("granted")) {
            GuestJob holder =
                    clients.guest(1)
                            .locks("granted", "ex 0 100 waitfile " + go.inGuest() + " un 0 100");
            holder.awaitOutput("ex 0 100 ok");

            GuestJob refused = clients.guest(2).locks("granted", "ex 50 10");
            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(refused.output()).contains("ex 50 10 EAGAIN");
            assertThat(clients.guest(2).locks("granted", "test 50 10").awaitSuccess())
                    .contains("test 50 10 WR 0 100");

            GuestJob waiter = clients.guest(2).locks("granted", "wex 0 100 un 0 100");
            nlmd.awaitWaiters(1);
            go.give();
            holder.awaitSuccess();
            waiter.awaitSuccess();

            List<NlmMessage> messages =
                    capture.stopWhen(
                            seen ->
                                    calls(seen, Capture.UNLOCK, "10.99.0.11").findAny().isPresent()
                                            && calls(seen, Capture.GRANTED_MSG, LinuxClients.SERVER)
                                                    .anyMatch(m -> hasUnlockAfter(seen, m)));
            double unlocked = firstCall(messages, Capture.UNLOCK, "10.99.0.11").time();
            NlmMessage granted = firstCall(messages, Capture.GRANTED_MSG, LinuxClients.SERVER);
            // The waiter's own unlock shows, on the same clock, when its program went on.
            double woken =
                    calls(messages, Capture.UNLOCK, "10.99.0.12")
                            .filter(m -> m.time() > granted.time())
                            .findFirst()
                            .orElseThrow()
                            .time();
            assertThat(granted.to()).isEqualTo("10.99.0.12");
            assertThat(granted.time()).isGreaterThan(unlocked);
            assertThat(woken - unlocked).isLessThan(WAKE_LIMIT_SECONDS);
            assertThat(messages)
                    .as("no LOCK after the unlock: the waiter did not poll")
                    .noneMatch(
                            m -> m.call() && m.procedure() == Capture.LOCK && m.time() > unlocked);
            assertThat(capture.malformed()).isEmpty();
        }
    }

    @Test
    void interruptedWaiterLeavesNoTrace() throws Exception {
        GoSign go = clients.goSign("signal");
        GuestJob holder =
                clients.guest(1).locks("signal", "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        holder.awaitOutput("ex 0 10 ok");
        GuestJob waiter = clients.guest(2).locks("signal", "wex 0 10");
        nlmd.awaitWaiters(1);
        waiter.signal("INT");
        assertThat(waiter.awaitEnd()).isNotZero();
        nlmd.awaitWaiters(0);
        nlmd.awaitLocks(1);
        go.give();
        holder.awaitSuccess();
    }

    @Test
    void threeGuestsAreServedInOrderOfArrival() throws Exception {
        GoSign go = clients.goSign("queue");
        GuestJob holder =
                clients.guest(1).locks("queue", "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        holder.awaitOutput("ex 0 10 ok");
        // Not the order of their numbers, so that no other order passes by accident.
        int[] arrival = {3, 4, 2};
        for (int i = 0; i < arrival.length; i++) {
            clients.guest(arrival[i])
                    .locks("queue", "wex 0 10 note /srv/queue-order sleep 0.2 un 0 10");
            nlmd.awaitWaiters(i + 1);
        }
        go.give();
        holder.awaitSuccess();
        await("all three had their turn")
                .atMost(Duration.ofSeconds(30))
                .until(() -> noted("queue-order").size() == 3);
        assertThat(noted("queue-order")).containsExactly("client3", "client4", "client2");
    }

    @Test
    void crossLockIsRefusedAtOnce() throws Exception {
        GoSign go = clients.goSign("cross");
        GuestJob first =
                clients.guest(1)
                        .locks("cross", "ex 0 10 waitfile " + go.inGuest() + " wex 10 10 un 0 0");
        GoSign close = clients.goSign("cross-close");
        GuestJob closing =
                clients.guest(2)
                        .locks("cross", "ex 10 10 waitfile " + close.inGuest() + " wex 0 10");
        first.awaitOutput("ex 0 10 ok");
        closing.awaitOutput("ex 10 10 ok");
        go.give();
        nlmd.awaitWaiters(1);
        close.give();
        assertThat(closing.awaitEnd()).isEqualTo(1);
        assertThat(closing.output()).containsPattern("wex 0 10 EDEADL(OC)?K");
        first.awaitSuccess();
    }

    @Test
    void thousandPairsFromTwoGuestsLeaveNothing() throws Exception {
        GuestJob one = clients.guest(1).locks("pairs", "pairs 500 50");
        GuestJob two = clients.guest(2).locks("pairs", "pairs 500 50");
        one.awaitSuccess();
        two.awaitSuccess();
        assertThat(nlmd.status().locks()).isZero();
        assertThat(nlmd.status().waiters()).isZero();
        assertThat(nlmd.admin().held()).isEmpty();
    }

    private List<String> noted(String name) throws IOException {
        Path notes = clients.share().resolve(name);
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    private static NlmMessage firstCall(List<NlmMessage> messages, int procedure, String from) {
        return calls(messages, procedure, from).findFirst().orElseThrow();
    }

    private static boolean hasUnlockAfter(List<NlmMessage> messages, NlmMessage granted) {
        return calls(messages, Capture.UNLOCK, granted.to())
                .anyMatch(m -> m.time() > granted.time());
    }

    private static Stream<NlmMessage> calls(List<NlmMessage> messages, int procedure, String from) {
        return messages.stream()
                .filter(m -> m.call() && m.procedure() == procedure && m.from().equals(from));
    }
}
