package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.Capture.NlmMessage;

/**
 * A server with three addresses, one of them IPv6: guests reach the same files through any of them,
 * meet in one queue, and are called back from the address that they asked.
 */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AddressScenarios {
    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    AddressScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd =
                new NlmdUnderTest(clients)
                        .listening(
                                LinuxClients.SERVER, LinuxClients.SERVER_2, LinuxClients.SERVER_6);
    }

    @BeforeAll
    void start() throws IOException {
        nlmd.start(1019, 1018);
        clients.boot(1, 2, 3);
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
    void guestsOfThreeAddressesMeetInOneQueue() throws Exception {
        String second = clients.guest(2).mount(LinuxClients.SERVER_2, "tcp");
        String sixth = clients.guest(3).mount(LinuxClients.SERVER_6, "tcp6");
        GoSign go = clients.goSign("addresses");
        try (Capture capture = clients.capture("addresses")) {
            GuestJob holder =
                    clients.guest(1)
                            .locks("addresses", "ex 0 100 waitfile " + go.inGuest() + " un 0 100");
            holder.awaitOutput("ex 0 100 ok");
            GuestJob over6 =
                    clients.guest(3)
                            .locksBelow(sixth, "addresses", "test 10 10 wex 0 100 un 0 100");
            nlmd.awaitWaiters(1);
            GuestJob over2 =
                    clients.guest(2)
                            .locksBelow(second, "addresses", "test 10 10 wex 0 100 un 0 100");
            nlmd.awaitWaiters(2);
            go.give();
            holder.awaitSuccess();
            assertThat(over6.awaitSuccess()).contains("test 10 10 WR 0 100");
            assertThat(over2.awaitSuccess()).contains("test 10 10 WR 0 100");

            List<NlmMessage> messages = capture.stopWhen(seen -> Capture.granted(seen).size() >= 2);
            assertThat(Capture.granted(messages))
                    .extracting(NlmMessage::from, NlmMessage::to)
                    .containsExactly(
                            tuple(LinuxClients.SERVER_6, "fd99::13"),
                            tuple(LinuxClients.SERVER_2, "10.99.0.12"));
            assertThat(capture.malformed()).isEmpty();
        }
    }

    @Test
    void crashOfAGuestFreesWhatItHeldOverIpv6() throws Exception {
        Guest crashing = clients.guest(3);
        String sixth = crashing.mount(LinuxClients.SERVER_6, "tcp6");
        crashing.locksBelow(sixth, "crash6", "ex 0 100 crash").awaitOutput("crash");
        GuestJob waiter = clients.guest(1).locks("crash6", "wex 0 100 un 0 100");
        nlmd.awaitWaiters(1);
        crashing.awaitDown();
        clients.boot(3);
        waiter.awaitSuccess();
    }

    @Test
    void lockOverIpv6IsReclaimedAfterTheDaemonWasKilled() throws Exception {
        String sixth = clients.guest(3).mount(LinuxClients.SERVER_6, "tcp6");
        GoSign go = clients.goSign("reclaim6");
        GuestJob holder =
                clients.guest(3)
                        .locksBelow(
                                sixth,
                                "reclaim6",
                                "ex 0 100 waitfile " + go.inGuest() + " un 0 100");
        holder.awaitOutput("ex 0 100 ok");
        nlmd.stop("KILL");
        nlmd.start(1019, 1018);
        nlmd.awaitLocks(1);
        assertThat(nlmd.admin().held())
                .singleElement()
                .satisfies(lock -> assertThat(lock.owner()).contains("fd99"));
        go.give();
        holder.awaitSuccess();
    }
}
