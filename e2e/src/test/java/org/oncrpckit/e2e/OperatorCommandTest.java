package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.e2e.LocalDaemon.Ended;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.LocalLockReply.Outcome;

/** What an operator sees of, and does to, a running daemon with {@code nlmctl}. */
class OperatorCommandTest {
    private static final Pattern OWNER_ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final String NOBODY = "65534";
    private static final int NOT_PERMITTED = 77;

    @TempDir private Path folder;
    private Path state;
    private LocalDaemon daemon;
    private AdminClient process;

    @BeforeEach
    void start() throws Exception {
        state = folder.resolve("state");
        daemon = LocalDaemon.start(state);
        process = AdminClient.connect(daemon.controlSocket());
        assertThat(process.lock(LocalDaemon.request("report", 0, 99, false)).outcome())
                .isEqualTo(Outcome.GRANTED);
        assertThat(process.lock(LocalDaemon.request("report", 50, 50, true)).outcome())
                .isEqualTo(Outcome.WAITING);
        assertThat(process.lock(LocalDaemon.request("other", 0, -1, false)).outcome())
                .isEqualTo(Outcome.GRANTED);
    }

    @AfterEach
    void stop() {
        process.close();
        daemon.close();
    }

    @Test
    void listingsAreTablesForPeopleAndJsonForPrograms() throws Exception {
        assertThat(nlmctl("locks").stdout().lines()).hasSize(3);
        assertThat(nlmctl("locks", "--file", "other").stdout()).contains("0-EOF").contains("other");
        assertThat(nlmctl("locks", "--older-than", "1h").stdout().lines()).hasSize(1);
        assertThat(nlmctl("locks", "--host", "192.0.2.1").stdout().lines()).hasSize(1);
        assertThat(nlmctl("waiters", "--host", "local", "--json").stdout())
                .startsWith("{\"waiters\":[{\"file\":\"0x7265706f7274\",\"fileName\":\"report\"")
                .contains("\"range\":\"50-50\",\"first\":50,\"last\":50,\"mode\":\"EXCLUSIVE\"");
        assertThat(nlmctl("graph", "--dot").stdout())
                .startsWith("digraph waits {")
                .contains(" -> ")
                .endsWith("}");
        assertThat(nlmctl("hosts", "--json").stdout()).isEqualTo("{\"hosts\":[]}");
        assertThat(nlmctl("shares", "--json").stdout()).isEqualTo("{\"shares\":[]}");
        assertThat(nlmctl("status", "--json").stdout())
                .contains("\"locks\":2,\"waiters\":1,")
                .contains("\"limit.locksPerHostMax.max\":");
    }

    @Test
    void releaseFreesWhatItNamesAndSaysSoInTheLog() throws Exception {
        Ended ambiguous = nlmctl("release", "--owner", "4711");
        assertThat(ambiguous.status()).isEqualTo(1);
        assertThat(ambiguous.stderr()).contains("3 owners fit").contains("nothing was freed");

        String owner = ownerOf("report");
        assertThat(nlmctl("release", "--owner", owner, "--dry-run").stdout())
                .contains("would be released: locks 1");
        assertThat(process.status().locks()).as("a dry run frees nothing").isEqualTo(2);
        assertThat(log()).doesNotContain("released by hand");

        assertThat(nlmctl("release", "--owner", owner).status()).isZero();
        assertThat(process.waiting()).as("the next one has it").isEmpty();
        assertThat(log())
                .containsOnlyOnce("released by hand")
                .contains("all of owner " + owner)
                .contains("locks=1");

        assertThat(nlmctl("release", "--file", "other", "--range", "10:").stdout())
                .contains("released: locks 1");
        assertThat(nlmctl("locks", "--file", "other").stdout()).contains("0-9");
        assertThat(nlmctl("release", "--file", "other", "--range", "10:").status()).isEqualTo(1);
        assertThat(nlmctl("release").status()).isEqualTo(2);
        assertThat(nlmctl("grace", "end").stdout()).isEqualTo("there is no grace period");
    }

    @Test
    void waitingHasALimit() throws Exception {
        Ended late = nlmctl("lock", "--file", "report", "--wait", "1", "--", "true");
        assertThat(late.status()).isEqualTo(75);
        assertThat(late.stderr()).contains("within 1 s");
        assertThat(process.waiting()).as("taken back").hasSize(1);
        assertThat(nlmctl("lock", "--file", "report", "--wait", "true").status()).isEqualTo(2);
    }

    @Test
    void lockGoesWhenNlmctlIsKilled() throws Exception {
        Process nlmctl = lockFor("sleep", "600");
        await("locked")
                .atMost(Duration.ofSeconds(30))
                .until(() -> process.status().locks() == 3 && nlmctl.children().count() > 0);
        List<ProcessHandle> children = nlmctl.children().toList();
        nlmctl.destroyForcibly();
        await("freed").atMost(Duration.ofSeconds(10)).until(() -> process.status().locks() == 2);
        children.forEach(ProcessHandle::destroy);
    }

    @Test
    void signalEndsTheCommandBeforeTheLockGoes() throws Exception {
        Path ended = folder.resolve("ended");
        Process nlmctl =
                lockFor(
                        "sh",
                        "-c",
                        "trap 'touch " + ended + "; exit 0' TERM; while :; do sleep 1; done");
        await("locked")
                .atMost(Duration.ofSeconds(30))
                .until(() -> process.status().locks() == 3 && nlmctl.descendants().count() > 1);
        nlmctl.destroy();
        await("freed").atMost(Duration.ofSeconds(10)).until(() -> process.status().locks() == 2);
        assertThat(ended).exists();
    }

    @Test
    void clientThatCannotBeReachedIsExplained() throws Exception {
        // TEST-NET-3: no route as a rule, silence at the most.
        Ended probe = nlmctl("probe", "203.0.113.1");
        assertThat(probe.status()).isEqualTo(1);
        assertThat(probe.stdout()).contains("port 111").contains("Until then");
        assertThat(nlmctl("probe", "no.address").status()).isEqualTo(2);
    }

    /** The modes are loosened on purpose: what is left is who the kernel says that it is. */
    @Test
    void otherUsersAreRefusedWhateverTheModesSay() throws Exception {
        Requirement.root();
        Requirement.that(
                Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no /usr/bin/setpriv");
        Path copy = readableDistribution();
        open(state, "rwxr-xr-x");
        Files.setPosixFilePermissions(
                daemon.controlSocket(), PosixFilePermissions.fromString("rw-rw-rw-"));

        Ended refused = asNobody(copy, "release", "--host", "local");
        assertThat(refused.status()).as(refused.stderr()).isEqualTo(NOT_PERMITTED);
        assertThat(refused.stderr()).contains("its own user and root only");
        for (String listing : List.of("status", "locks", "waiters", "shares", "hosts", "graph")) {
            assertThat(asNobody(copy, listing).status()).as(listing).isEqualTo(NOT_PERMITTED);
        }
        assertThat(asNobody(copy, "grace", "end").status()).isEqualTo(NOT_PERMITTED);
        assertThat(asNobody(copy, "probe", "127.0.0.1").status()).isEqualTo(NOT_PERMITTED);
        assertThat(asNobody(copy, "lock", "--file", "x", "--", "true").status())
                .isEqualTo(NOT_PERMITTED);
        assertThat(process.status().locks()).isEqualTo(2);
    }

    private Path readableDistribution() throws IOException {
        Path original = Path.of(NlmdUnderTest.launcher("nlmctl")).getParent().getParent();
        Path copy = folder.resolve("dist");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path each : files.toList()) {
                Path to = copy.resolve(original.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(each, to);
                }
                open(to, "rwxr-xr-x");
            }
        }
        open(folder, "rwxr-xr-x");
        return copy;
    }

    private static void open(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Ended asNobody(Path distribution, String... arguments) throws Exception {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid",
                                NOBODY,
                                "--regid",
                                NOBODY,
                                "--clear-groups",
                                distribution.resolve("bin/nlmctl").toString(),
                                arguments[0],
                                "--state-dir",
                                state.toString()));
        line.addAll(List.of(arguments).subList(1, arguments.length));
        Path errors = folder.resolve("nobody.err");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(errors.toFile());
        builder.environment().put("NLMD_BUILD", "never");
        Process ended = builder.start();
        String output = new String(ended.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ended.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(ended.exitValue(), output, Files.readString(errors));
    }

    private Ended nlmctl(String command, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(command, "--state-dir", state.toString()));
        line.addAll(List.of(arguments));
        return LocalDaemon.run("nlmctl", line.toArray(String[]::new));
    }

    /** Starts nlmctl, which locks the file "third" while the command runs. */
    private Process lockFor(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(NlmdUnderTest.launcher("nlmctl"), "lock"));
        line.addAll(List.of("--state-dir", state.toString(), "--file", "third", "--"));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("NLMD_BUILD", "never");
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private String ownerOf(String file) throws Exception {
        Matcher matcher = OWNER_ID.matcher(nlmctl("locks", "--json", "--file", file).stdout());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("state.err"));
    }
}
