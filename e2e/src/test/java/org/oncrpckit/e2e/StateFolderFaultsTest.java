package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full, and a folder that is really read-only: a lock of a host that could
 * not be told of a restart is refused, and every lock that was granted is of a host that is told.
 * Needs to mount, so root.
 */
@EnabledOnOs(OS.LINUX)
class StateFolderFaultsTest {
    private static final long FILE = 1;
    private static final int HOSTS_MAX = 250;

    @TempDir Path folder;

    private final List<Path> mounted = new ArrayList<>();
    private Path state;

    @BeforeEach
    void mountDisk() throws Exception {
        state = Files.createDirectory(folder.resolve("state"));
        Requirement.that(
                mount("-t", "tmpfs", "-o", "size=256k,mode=700", "none", state.toString()),
                "a file system cannot be mounted");
        mounted.add(state);
    }

    @AfterEach
    void unmountAll() throws Exception {
        while (!mounted.isEmpty()) {
            unmountLast();
        }
    }

    private void unmountLast() throws Exception {
        Path last = mounted.remove(mounted.size() - 1);
        assertThat(run("umount", last.toString())).isTrue();
    }

    private static boolean mount(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("mount"));
        line.addAll(List.of(arguments));
        return run(line.toArray(String[]::new));
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    void fullDiskRefusesNewHostsKeepsTheOthersAndPasses() throws Exception {
        List<String> granted = new ArrayList<>();
        int refused;
        Path filler = state.resolve("filler");
        try (LocalDaemon daemon = LocalDaemon.start(state, "--grace", "0")) {
            try (LockingHost old = new LockingHost(1, 1, daemon.nlmPort())) {
                assertThat(old.lock(FILE, 1)).isEqualTo(LockingHost.GRANTED);
                granted.add("127.0.1.1");
                fill(filler);
                refused = lockUntilRefused(daemon.nlmPort(), granted);
                assertThat(old.lock(FILE, 0)).as("known host").isEqualTo(LockingHost.GRANTED);
                try (LockingHost other = new LockingHost(1, 1, daemon.nlmPort())) {
                    assertThat(other.lock(FILE, 1)).isEqualTo(LockingHost.GRANTED);
                }
            }
            Files.delete(filler);
            assertThat(lock(refused, daemon.nlmPort())).isEqualTo(LockingHost.GRANTED);
            granted.add("127.0.1." + refused);
        }
        try (LocalDaemon again = LocalDaemon.start(state, "--grace", "0")) {
            assertThat(again.isAlive()).isTrue();
            for (String host : granted) {
                assertThat(state.resolve("sm.bak").resolve(host)).as("to be told").exists();
            }
            assertThat(state.resolve("sm.bak/127.0.1." + (refused + 1))).doesNotExist();
        }
    }

    @Test
    void fullDiskEndsTheReclaimJournalAndLocksGoOn() throws Exception {
        String[] verify = {"--reclaim", "verify", "--grace", "20"};
        Path journal = state.resolve("held.journal");
        Path filler = state.resolve("filler");
        try (LocalDaemon daemon = LocalDaemon.start(state, verify);
                LockingHost host = new LockingHost(1, 1, daemon.nlmPort())) {
            assertThat(host.lock(FILE, 1)).isEqualTo(LockingHost.GRANTED);
            assertThat(reclaims()).isEqualTo("verify");
            fill(filler);
            for (int at = 2; Files.exists(journal); at += 2) {
                assertThat(at).as("offset, on a full disk").isLessThan(HOSTS_MAX);
                fill(filler); // The monitor tidies up a second after a change, and gives room back.
                assertThat(host.lock(FILE, at)).isEqualTo(LockingHost.GRANTED);
            }
            assertThat(host.lock(FILE, HOSTS_MAX)).isEqualTo(LockingHost.GRANTED);
            assertThat(host.unlock(FILE, HOSTS_MAX)).isEqualTo(LockingHost.GRANTED);
            assertThat(reclaims()).startsWith("trust (the journal failed: No space left");
            assertThat(daemon.log().lines().filter(line -> line.contains("ERROR")))
                    .singleElement()
                    .asString()
                    .contains(journal.toString(), "it is removed", "mend the disk");
            Files.delete(filler);
        }
        try (LocalDaemon again = LocalDaemon.start(state, verify);
                LockingHost host = new LockingHost(1, 1, again.nlmPort())) {
            assertThat(host.reclaim(FILE, 1)).isEqualTo(LockingHost.GRANTED);
            assertThat(host.reclaim(FILE, 1001)).as("trusted").isEqualTo(LockingHost.GRANTED);
            assertThat(reclaims()).contains("kept no journal");
        }
    }

    private String reclaims() throws Exception {
        return ReclaimJournalTest.reclaims(state);
    }

    @Test
    void readOnlyFolderRefusesNewHostsKeepsTheOthersAndPasses() throws Exception {
        try (LocalDaemon daemon = LocalDaemon.start(state, "--grace", "0")) {
            assertThat(lock(1, daemon.nlmPort())).isEqualTo(LockingHost.GRANTED);
            // Another mount over the same folder: that of the daemon's open files cannot change.
            assertThat(mount("--bind", state.toString(), state.toString())).isTrue();
            mounted.add(state);
            assertThat(mount("-o", "remount,bind,ro", state.toString())).isTrue();
            assertThat(lock(2, daemon.nlmPort())).isEqualTo(LockingHost.DENIED_NOLOCKS);
            assertThat(lock(1, daemon.nlmPort())).isEqualTo(LockingHost.GRANTED);
            unmountLast();
            assertThat(lock(2, daemon.nlmPort())).isEqualTo(LockingHost.GRANTED);
            assertThat(daemon.terminate()).isZero();
        }
        assertThat(mount("-o", "remount,ro", state.toString())).isTrue();
        LocalDaemon.Ended ended =
                LocalDaemon.run(
                        "nlmd",
                        "--listen",
                        "127.0.0.1",
                        "--rpcbind",
                        "none",
                        "--state-dir",
                        state.toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.stderr()).contains("Read-only").contains("--state-dir");
    }

    /** Whatever room a file's last page has is used up first; the host that was refused. */
    private static int lockUntilRefused(int port, List<String> granted) throws IOException {
        for (int host = 2; host < HOSTS_MAX; host++) {
            int status = lock(host, port);
            if (status == LockingHost.DENIED_NOLOCKS) {
                return host;
            }
            assertThat(status).isEqualTo(LockingHost.GRANTED);
            granted.add("127.0.1." + host);
        }
        throw new AssertionError("a full disk refuses nobody");
    }

    /** Each host has a byte of its own. */
    private static int lock(int host, int port) throws IOException {
        try (LockingHost one = new LockingHost(1, host, port)) {
            return one.lock(FILE, host);
        }
    }

    /** Takes what room there is now. */
    private static void fill(Path filler) throws IOException {
        byte[] bytes = "full".repeat(1024).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out =
                Files.newOutputStream(
                        filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}
