package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Programs on three kernels lock at random and are interrupted and killed, while the daemon stands
 * still, is killed, comes back, and moves. A witness that knows nothing of NLM finds no two that
 * have the same bytes; everybody who waits gets what he waits for; and nothing is left.
 */
@ExtendWith(LinuxClientsExtension.class)
class FaultScenarios {
    private static final int[] GUESTS = {1, 2, 3};
    private static final int PROGRAMS_EACH = 3;
    private static final int[] PORTS = {1019, 1009};

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;
    private final Duration length = Duration.ofSeconds(Long.getLong("faults.seconds", 12));
    private final long seed = Long.getLong("seed", System.nanoTime());

    FaultScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeEach
    void boot() throws IOException {
        System.out.println("FaultScenarios seed " + seed);
        nlmd.start(PORTS[0], PORTS[0] - 1);
        clients.boot(GUESTS);
    }

    @AfterEach
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS) // Its steps have limits of their own.
    void noLockIsBrokenAndNoneIsLeft() throws Exception {
        Path witness = Files.createDirectory(clients.share().resolve("faults"));
        List<GuestJob> jobs = new ArrayList<>();
        for (int guest : GUESTS) {
            jobs.add(clients.guest(guest).start(hammer()));
        }
        await("the guests lock").atMost(Duration.ofSeconds(60)).until(() -> isUsed(witness));
        Random dice = new Random(seed);
        Instant end = Instant.now().plus(length);
        while (Instant.now().isBefore(end)) {
            if (dice.nextBoolean()) {
                nlmd.suspend();
                pause(dice, 3_000);
                nlmd.resume();
            } else {
                nlmd.stop(dice.nextBoolean() ? "KILL" : "TERM");
                pause(dice, 1_000);
                int port = PORTS[dice.nextInt(PORTS.length)];
                nlmd.start(port, port - 1);
            }
            pause(dice, 5_000);
        }
        Files.createFile(witness.resolve("stop"));
        for (GuestJob job : jobs) {
            assertThat(job.awaitSuccess()).doesNotContain("BROKEN");
        }
        nlmd.awaitNothingLeft();
    }

    private String hammer() {
        return "%s/hammer.py /srv/faults %d %d /mnt/faults-a /mnt/faults-b"
                .formatted(clients.server().harness(), PROGRAMS_EACH, seed);
    }

    private static boolean isUsed(Path witness) throws IOException {
        try (var links = Files.list(witness)) {
            return links.findAny().isPresent();
        }
    }

    /** The only use of time here: how long a fault lasts is what is random. */
    private static void pause(Random dice, int millisMax) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(dice.nextInt(millisMax));
    }
}
