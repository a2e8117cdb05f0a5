package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Long runs, for {@code mvn verify -Psoak}: four kernels at once, and a daemon that is killed. */
@ExtendWith(LinuxClientsExtension.class)
@Tag("soak")
class SoakScenarios {
    private static final Duration LENGTH = Duration.ofMinutes(10);

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    SoakScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeEach
    void start() throws IOException {
        nlmd.start(1019, 1018);
        clients.boot(1, 2, 3, 4);
    }

    @AfterEach
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void fourGuestsHammerWhileTheDaemonIsKilledNowAndThen() throws Exception {
        Instant end = Instant.now().plus(LENGTH);
        for (int round = 0; Instant.now().isBefore(end); round++) {
            GuestJob[] jobs = new GuestJob[4];
            for (int i = 0; i < jobs.length; i++) {
                jobs[i] = clients.guest(i + 1).locks("soak", "pairs 1000 20");
            }
            if (round % 3 == 2) {
                nlmd.stop("KILL");
                nlmd.start(1019, 1018);
            }
            for (GuestJob job : jobs) {
                job.awaitSuccess();
            }
            nlmd.awaitLocks(0);
            nlmd.awaitWaiters(0);
        }
        assertThat(nlmd.admin().held()).isEmpty();
    }
}
