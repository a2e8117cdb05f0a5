package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.Capture.NlmMessage;
import org.oncrpckit.nlm.admin.LocalLockReply;
import org.oncrpckit.nlm.admin.LocalLockRequest;
import org.oncrpckit.xdr.Opaque;

/**
 * {@code --callback udp}: kernels that lock over TCP hear of their locks over UDP, all from the one
 * privileged port on which the daemon listens.
 */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallbackScenarios {
    private static final int[] GUESTS = {1, 2, 3, 4};
    private static final int NLM_PORT = 1019;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    CallbackScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeAll
    void start() throws IOException {
        nlmd.start(NLM_PORT, 1018, "--callback", "udp");
        clients.boot(GUESTS);
    }

    @AfterAll
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    void fourGuestsAreGrantedOverUdpFromOnePrivilegedPort() throws Exception {
        Opaque file = handleOf("callbacks");
        LocalLockReply holder =
                nlmd.admin().lock(new LocalLockRequest(file, 0, -1, true, false, "holder", 1));
        assertThat(holder.outcome()).isEqualTo(LocalLockReply.Outcome.GRANTED);
        try (Capture capture = clients.capture("callbacks")) {
            List<GuestJob> waiters = new ArrayList<>();
            for (int guest : GUESTS) {
                waiters.add(clients.guest(guest).locks("callbacks", "wex 0 100 un 0 100"));
            }
            nlmd.awaitWaiters(GUESTS.length);

            nlmd.admin().unlock(holder.token());

            for (GuestJob each : waiters) {
                each.awaitSuccess();
            }
            List<NlmMessage> granted =
                    Capture.granted(
                            capture.stopWhen(
                                    seen -> Capture.granted(seen).size() >= GUESTS.length));
            assertThat(granted).extracting(NlmMessage::to).doesNotHaveDuplicates();
            assertThat(granted)
                    .hasSize(GUESTS.length)
                    .allSatisfy(call -> assertThat(call.udpPort()).hasValue(NLM_PORT));
            assertThat(capture.malformed()).isEmpty();
            nlmd.awaitLocks(0);
        }
    }

    /** How the guests call a file: what a lock on it is listed under. */
    private Opaque handleOf(String name) throws Exception {
        GoSign go = clients.goSign(name);
        GuestJob job = clients.guest(1).locks(name, "ex 0 1 waitfile " + go.inGuest() + " un 0 1");
        job.awaitOutput("ex 0 1 ok");
        Opaque handle = nlmd.admin().held().get(0).file();
        go.give();
        job.awaitSuccess();
        nlmd.awaitLocks(0);
        return handle;
    }
}
