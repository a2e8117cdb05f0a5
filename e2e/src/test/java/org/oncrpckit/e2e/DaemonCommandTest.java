package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.e2e.LocalDaemon.Ended;

/** What somebody at a terminal sees of {@code nlmd} and {@code nlmctl}. */
class DaemonCommandTest {
    @TempDir private Path folder;

    @Test
    void readyLineNamesEverythingAndTerminationIsClean() throws Exception {
        try (LocalDaemon daemon = LocalDaemon.start(folder.resolve("state"))) {
            assertThat(daemon.readyLine())
                    .matches(
                            "nlmd ready addresses=127\\.0\\.0\\.1 nlm=\\d+ nsm=\\d+ rpcbind=none"
                                    + " nsm-state=\\d*[13579] grace=none");
            assertThat(daemon.terminate()).isZero();
            assertThat(daemon.controlSocket()).doesNotExist();
        }
    }

    @Test
    void stateNumberGrowsByTwoWithEveryStart() throws Exception {
        Path state = folder.resolve("state");
        int first = stateOfOneRun(state);
        assertThat(stateOfOneRun(state)).isEqualTo(first + 2);
        assertThat(stateOfOneRun(state)).isEqualTo(first + 4);
    }

    private static int stateOfOneRun(Path state) throws Exception {
        try (LocalDaemon daemon = LocalDaemon.start(state)) {
            daemon.terminate();
            return Integer.parseInt(daemon.readyLine().replaceFirst(".*nsm-state=(\\d+).*", "$1"));
        }
    }

    @Test
    void secondDaemonOnTheSameStateFolderFailsWithOneLine() throws Exception {
        Path state = folder.resolve("state");
        try (LocalDaemon daemon = LocalDaemon.start(state)) {
            Ended second =
                    LocalDaemon.run("nlmd", "--rpcbind", "none", "--state-dir", state.toString());
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.stderr().lines()).hasSize(1);
            assertThat(second.stderr()).contains(state.toString()).contains("--state-dir");
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void secondDaemonOnTheSamePortFailsWithOneLine() throws Exception {
        try (LocalDaemon daemon = LocalDaemon.start(folder.resolve("one"))) {
            String port = Integer.toString(daemon.nlmPort());
            Ended second =
                    LocalDaemon.run(
                            "nlmd",
                            "--rpcbind",
                            "none",
                            "--listen",
                            "127.0.0.1",
                            "--nlm-port",
                            port,
                            "--state-dir",
                            folder.resolve("two").toString());
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.stderr().lines()).hasSize(1);
            assertThat(second.stderr()).contains(port).contains("--nlm-port");
        }
    }

    @Test
    void stateFolderThatCannotBeWrittenFailsWithOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        Ended ended =
                LocalDaemon.run(
                        "nlmd", "--rpcbind", "none", "--state-dir", file.resolve("x").toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.stderr().lines()).hasSize(1);
        assertThat(ended.stderr()).contains("--state-dir");
    }

    @Test
    void wrongUsageIsStatusTwo() throws Exception {
        assertThat(LocalDaemon.run("nlmd", "--no-such-option").status()).isEqualTo(2);
        assertThat(LocalDaemon.run("nlmd", "--nlm-port", "70000").status()).isEqualTo(2);
        assertThat(LocalDaemon.run("nlmd", "--grace", "-1").status()).isEqualTo(2);
        assertThat(LocalDaemon.run("nlmctl", "lock", "--file", "x").status()).isEqualTo(2);
        assertThat(LocalDaemon.run("nlmctl", "lock", "--file", "x", "--range", "9:1", "--", "true"))
                .satisfies(ended -> assertThat(ended.status()).isEqualTo(2));
    }

    @Test
    void badAliasesAndLimitsAreOneLineAndStatusTwo() throws Exception {
        refused(
                "10.0.0.2 belongs to a",
                "--alias",
                "a=10.0.0.1,10.0.0.2",
                "--alias",
                "b=10.0.0.2,::1");
        refused("expected: 2 to 64", "--alias", "a=10.0.0.1");
        refused("'host' in 'a=host,10.0.0.1'", "--alias", "a=host,10.0.0.1");
        refused("--max-locks 0 (expected: 1 or more)", "--max-locks", "0");
        refused("--callback", "--callback", "carrier-pigeon");
    }

    @Test
    void optionsComeFromAFileAndTheCommandLineWins() throws Exception {
        Path state = folder.resolve("state");
        Path config =
                Files.writeString(
                        folder.resolve("nlmd.toml"),
                        """
                        grace = 7
                        max-locks = 11
                        max-hosts = 12
                        alias = ["a=10.0.0.1,10.0.0.2"]
                        """);
        try (LocalDaemon daemon =
                LocalDaemon.start(state, "--config", config.toString(), "--max-hosts", "13")) {
            assertThat(
                            LocalDaemon.run(
                                            "nlmctl",
                                            "status",
                                            "--counters",
                                            "--state-dir",
                                            state.toString())
                                    .stdout())
                    .containsPattern("limit\\.locksMax\\.max +11\n")
                    .containsPattern("limit\\.hostsMax\\.max +13\n");
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void aWrongFileIsOneLineWithItsPlaceAndStatusTwo() throws Exception {
        Path config = Files.writeString(folder.resolve("d.toml"), "listen = '::'\n\ngrace = 241\n");
        for (String daemon : List.of("nlmd", "nsmd")) {
            Ended ended = LocalDaemon.run(daemon, "--config", config.toString());
            assertThat(ended.status()).isEqualTo(2);
            assertThat(ended.stderr().lines()).hasSize(1);
            assertThat(ended.stderr()).startsWith(daemon + ": " + config + ":3: ");
        }
    }

    private static void refused(String why, String... options) throws Exception {
        Ended ended = LocalDaemon.run("nlmd", options);
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.stderr().lines()).hasSize(1);
        assertThat(ended.stderr()).contains(why);
    }

    @Test
    void statusShowsTheLimitsThatWereGiven() throws Exception {
        Path state = folder.resolve("state");
        try (LocalDaemon daemon = LocalDaemon.start(state, "--max-locks-per-host", "12345")) {
            assertThat(
                            LocalDaemon.run(
                                            "nlmctl",
                                            "status",
                                            "--json",
                                            "--state-dir",
                                            state.toString())
                                    .stdout())
                    .contains("limit.locksPerHostMax.max")
                    .contains("12345");
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void addressOfAnotherHostFailsWithOneLine() throws Exception {
        Ended ended =
                LocalDaemon.run(
                        "nlmd",
                        "--rpcbind",
                        "none",
                        "--listen",
                        "192.0.2.1",
                        "--state-dir",
                        folder.resolve("state").toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.stderr().lines()).hasSize(1);
        assertThat(ended.stderr()).contains("192.0.2.1").contains("--listen");
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        assertThat(LocalDaemon.run("nlmd", "--help").stdout())
                .contains("--listen", "--nlm-port", "--nsm-port", "--rpcbind", "--state-dir")
                .contains("--grace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nlmd", "nlmctl", "nsmd", "rpcprobe"})
    void versionIsTheOneThatMavenBuilt(String command) throws Exception {
        Path lib = Path.of(NlmdUnderTest.launcher(command)).resolveSibling("../lib");
        String version;
        try (Stream<Path> jars = Files.list(lib)) {
            Matcher jar =
                    Pattern.compile("nlm-service-(\\S+)\\.jar")
                            .matcher(jars.map(Path::getFileName).toList().toString());
            assumeTrue(jar.find(), "Maven has not made this distribution");
            version = jar.group(1);
        }
        assertThat(LocalDaemon.run(command, "--version").stdout())
                .isEqualTo("oncrpc-kit " + version);
    }

    @Test
    void nlmctlWithoutDaemonSaysHowToMendIt() throws Exception {
        Ended ended = LocalDaemon.run("nlmctl", "status", "--state-dir", folder.toString());
        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.stderr().lines()).hasSize(1);
        assertThat(ended.stderr()).contains("start nlmd");
    }

    @Test
    void commandRunsUnderItsLock() throws Exception {
        Path state = folder.resolve("state");
        try (LocalDaemon daemon = LocalDaemon.start(state)) {
            Ended inner = lock(state, "nlmctl-in-nlmctl");
            assertThat(inner.status()).as(inner.stderr()).isEqualTo(75);
            assertThat(inner.stderr()).contains("held by local");
            assertThat(
                            LocalDaemon.run(
                                            "nlmctl",
                                            "lock",
                                            "--state-dir",
                                            state.toString(),
                                            "--file",
                                            "report",
                                            "--wait",
                                            "--",
                                            "sh",
                                            "-c",
                                            "exit 7")
                                    .status())
                    .isEqualTo(7);
            Ended locks = LocalDaemon.run("nlmctl", "locks", "--state-dir", state.toString());
            assertThat(locks.stdout().lines()).as("the heading alone").hasSize(1);
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    /** Under a lock of bytes 0 to 99, tries to lock byte 50. */
    private static Ended lock(Path state, String file) throws IOException, InterruptedException {
        String nlmctl = NlmdUnderTest.launcher("nlmctl");
        String common = " lock --state-dir " + state + " --file " + file;
        return LocalDaemon.run(
                "nlmctl",
                "lock",
                "--state-dir",
                state.toString(),
                "--file",
                file,
                "--range",
                "0:99",
                "--",
                "sh",
                "-c",
                nlmctl + common + " --range 50:50 -- true");
    }
}
