package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code nlmd --reclaim verify} is killed while hosts lock and unlock: afterwards each gets back
 * what it was told that it has, and nothing else.
 */
@EnabledOnOs(OS.LINUX)
class ReclaimJournalTest {
    private static final long SHARED_FILE = 99;
    private static final int HOSTS = 4;
    private static final int BYTES = 64;
    private static final int CALLS_BEFORE_KILL = 2_000;
    private static final String[] VERIFY = {"--reclaim", "verify", "--grace", "60"};

    @TempDir private Path folder;

    private final List<Script> scripts = new ArrayList<>();

    @AfterEach
    void closeScripts() {
        scripts.forEach(Script::close);
    }

    @Test
    void afterAKillUnderLoadEachGetsBackWhatItHadAndNothingElse() throws Exception {
        Path state = folder.resolve("state");
        long seed = Long.getLong("seed", System.nanoTime());
        lockUntilKilled(state, seed);
        try (LocalDaemon again = LocalDaemon.start(state, VERIFY)) {
            assertThat(reclaims(state)).isEqualTo("verify");
            int refused = 0;
            for (Script each : scripts) {
                refused += each.reclaimAll(again.nlmPort(), seed);
            }
            try (LockingHost stranger = new LockingHost(7, 7, again.nlmPort())) {
                assertThat(stranger.reclaim(SHARED_FILE, 0)).isEqualTo(LockingHost.DENIED);
                assertThat(stranger.lock(SHARED_FILE, 0))
                        .isEqualTo(LockingHost.DENIED_GRACE_PERIOD);
                refused++;
            }
            assertThat(nlmctl(state, "status"))
                    .containsPattern("reclaims\\.refused +" + refused + "\\n");
        }
    }

    @Test
    void aSecondKillWithinGraceTakesNothingFromAnybody() throws Exception {
        Path state = folder.resolve("state");
        long seed = Long.getLong("seed", System.nanoTime());
        lockUntilKilled(state, seed);
        try (LocalDaemon again = LocalDaemon.start(state, VERIFY)) {
            scripts.get(0).reclaimAll(again.nlmPort(), seed);
        }
        try (LocalDaemon last = LocalDaemon.start(state, VERIFY)) {
            for (Script each : scripts) {
                each.reclaimAll(last.nlmPort(), seed);
            }
        }
    }

    @Test
    void afterALossOfPowerItSaysSoAndTrusts() throws Exception {
        Requirement.root();
        Path state = folder.resolve("state");
        try (LocalDaemon daemon = LocalDaemon.start(state, VERIFY);
                LockingHost host = new LockingHost(1, 1, daemon.nlmPort())) {
            assertThat(host.lock(SHARED_FILE, 1)).isEqualTo(LockingHost.GRANTED);
        }
        try (LocalDaemon again = LocalDaemon.startInAnotherBoot(state, VERIFY);
                LockingHost host = new LockingHost(1, 1, again.nlmPort())) {
            assertThat(again.log().lines().filter(line -> line.contains("reclaims are trusted")))
                    .singleElement()
                    .asString()
                    .contains("the host went down");
            assertThat(reclaims(state)).startsWith("trust until grace is over");
            assertThat(host.reclaim(SHARED_FILE, 1)).isEqualTo(LockingHost.GRANTED);
            assertThat(host.reclaim(SHARED_FILE, 7)).isEqualTo(LockingHost.GRANTED);
            nlmctl(state, "grace", "end");
            assertThat(reclaims(state)).isEqualTo("verify");
        }
    }

    @Test
    void anOrderlyEndIsBelievedAfterAReboot() throws Exception {
        Requirement.root();
        Path state = folder.resolve("state");
        try (LocalDaemon daemon = LocalDaemon.start(state, VERIFY);
                LockingHost host = new LockingHost(1, 1, daemon.nlmPort())) {
            assertThat(host.lock(SHARED_FILE, 1)).isEqualTo(LockingHost.GRANTED);
            assertThat(daemon.terminate()).isZero();
        }
        try (LocalDaemon again = LocalDaemon.startInAnotherBoot(state, VERIFY);
                LockingHost host = new LockingHost(1, 1, again.nlmPort())) {
            assertThat(host.reclaim(SHARED_FILE, 7)).isEqualTo(LockingHost.DENIED);
            assertThat(host.reclaim(SHARED_FILE, 1)).isEqualTo(LockingHost.GRANTED);
        }
    }

    private void lockUntilKilled(Path state, long seed) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (LocalDaemon daemon = LocalDaemon.start(state, VERIFY)) {
            for (int host = 1; host <= HOSTS; host++) {
                scripts.add(new Script(host, seed + host, daemon.nlmPort(), calls));
            }
            scripts.forEach(Thread::start);
            await().atMost(Duration.ofMinutes(1)).until(() -> calls.get() >= CALLS_BEFORE_KILL);
        }
        for (Script each : scripts) {
            each.join();
        }
    }

    /** What {@code nlmctl status} says of reclaims. */
    static String reclaims(Path state) throws IOException, InterruptedException {
        return nlmctl(state, "status")
                .lines()
                .filter(line -> line.startsWith("reclaims "))
                .findFirst()
                .orElseThrow()
                .replaceFirst("reclaims +", "");
    }

    private static String nlmctl(Path state, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--state-dir", state.toString()));
        LocalDaemon.Ended ended = LocalDaemon.run("nlmctl", line.toArray(String[]::new));
        assertThat(ended.status()).as(ended.stderr()).isZero();
        return ended.stdout() + "\n";
    }

    /**
     * A host that locks and unlocks bytes of a file of its own and writes down what it was told.
     */
    private static final class Script extends Thread {
        private static final int NONE = -1;

        private final int host;
        private final Random random;
        private final AtomicInteger calls;
        private final LockingHost socket;
        private final BitSet held = new BitSet();

        /** What was asked for last and not answered. */
        private int unsure = NONE;

        Script(int host, long seed, int port, AtomicInteger calls) throws IOException {
            this.host = host;
            this.random = new Random(seed);
            this.calls = calls;
            this.socket = new LockingHost(1, host, port);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    unsure = random.nextInt(BYTES);
                    int status =
                            held.get(unsure)
                                    ? socket.unlock(host, unsure)
                                    : socket.lock(host, unsure);
                    if (status != LockingHost.GRANTED) {
                        throw new AssertionError("status " + status);
                    }
                    held.flip(unsure);
                    unsure = NONE;
                    calls.incrementAndGet();
                }
            } catch (IOException e) {
                // The daemon is dead.
            }
        }

        /** Asks for every byte; how many were refused. */
        int reclaimAll(int port, long seed) throws IOException {
            int refused = 0;
            try (LockingHost after = new LockingHost(1, host, port)) {
                for (int at = 0; at < BYTES; at++) {
                    int status = after.reclaim(host, at);
                    refused += status == LockingHost.DENIED ? 1 : 0;
                    if (at != unsure) {
                        assertThat(status)
                                .as("byte %s of host %s, -Dseed=%s", at, host, seed)
                                .isEqualTo(held.get(at) ? LockingHost.GRANTED : LockingHost.DENIED);
                    }
                }
            }
            return refused;
        }

        void close() {
            socket.close();
        }
    }
}
