package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes, really killed (SIGKILL), wherever they are. What they had promised must be there
 * for the next one. {@code -Dnsm.kills=1000} for a long run.
 */
class KillLoopTest {
    private static final int KILLS = Integer.getInteger("nsm.kills", 20);
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** Lines of a process that are read before it is killed, at most. */
    private static final int LINES_MAX = 600;

    @TempDir Path root;

    private final Random random = new Random(SEED);
    private final Set<String> promised = new HashSet<>();

    /** Begun, not promised: either is right. */
    private final Set<String> open = new HashSet<>();

    /** Of these, those whose end was begun: a promise that is heard after that is out of date. */
    private final Set<String> ending = new HashSet<>();

    private int lastState;

    @Test
    void noHostIsForgottenNoneAppearsAndNoStateRepeatsHoweverOftenItIsKilled() throws Exception {
        System.out.println("seed " + SEED);
        Path folder = root.resolve("state");
        for (int life = 1; life <= KILLS; life++) {
            liveAndDie(folder, life);
            try (FileNsmStore after = FileNsmStore.open(folder)) {
                int state = after.nextState();
                assertThat(state).as("state after kill %d", life).isOdd().isGreaterThan(lastState);
                lastState = state;
                Set<String> found =
                        after.retire().stream()
                                .map(record -> record.address().getHostAddress())
                                .collect(Collectors.toSet());
                assertThat(found).as("after kill %d", life).containsAll(promised);
                Set<String> phantoms = new HashSet<>(found);
                phantoms.removeAll(promised);
                phantoms.removeAll(open);
                assertThat(phantoms).as("after kill %d", life).isEmpty();
                assertThat(after.skipped()).isEmpty();
                promised.addAll(found);
                open.clear();
                ending.clear();
            }
        }
        System.out.println(KILLS + " kills, " + promised.size() + " hosts left");
    }

    private void liveAndDie(Path folder, int life) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xshare:auto",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        KilledMonitor.class.getName(),
                                        folder.toString(),
                                        Integer.toString(life % 256),
                                        Long.toString(SEED)))
                        .redirectError(new File("/dev/null"))
                        .start();
        int lines = random.nextInt(LINES_MAX);
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            String line = output.readLine();
            assertThat(line).as("first line of life %d", life).startsWith("state ");
            for (int n = 0; line != null; n++) {
                if (n == lines) {
                    // Not through Process, which closes the pipe that still has lines in it.
                    process.toHandle().destroyForcibly();
                }
                // What it said before it died counts, read or not.
                hear(line);
                line = output.readLine();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void hear(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 2) {
            return;
        }
        switch (words[0]) {
            case "state" -> {
                int state = Integer.parseInt(words[1]);
                assertThat(state).isOdd().isGreaterThan(lastState);
                lastState = state;
            }
            case "begin+" -> open.add(words[1]);
            case "done+" -> {
                if (!ending.contains(words[1])) {
                    open.remove(words[1]);
                    promised.add(words[1]);
                }
            }
            case "begin-" -> {
                promised.remove(words[1]);
                open.add(words[1]);
                ending.add(words[1]);
            }
            case "done-" -> {
                promised.remove(words[1]);
                open.remove(words[1]);
            }
            default -> throw new AssertionError(line);
        }
    }
}
