package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs with an {@code NlmClient} lock at somebody else's lock manager: nfs-ganesha's, with
 * Debian's rpc.statd beside it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GaneshaScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicInteger files = new AtomicInteger();
    private ServerSide server;
    private JavaHost one;
    private JavaHost two;
    private String file;

    @BeforeAll
    void start() throws IOException {
        server = ServerSide.upOrSkip("nlm");
        one = new JavaHost(server, 1, 1);
        two = new JavaHost(server, 2, 2);
        awaitLockManager();
    }

    @BeforeEach
    void makeFile() throws IOException {
        file = newFile("file" + files.incrementAndGet());
    }

    /** Its handle. */
    private String newFile(String name) throws IOException {
        String tool = server.harness().resolve("nfsfile.py").toString();
        return one.run(tool, ServerSide.ADDRESS, "/export", name).strip();
    }

    @AfterEach
    void endPrograms() {
        one.endPrograms();
        two.endPrograms();
    }

    @AfterAll
    void stop() throws IOException {
        if (server != null) {
            one.close();
            two.close();
            server.close();
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "--udp", "--udp --one-way"})
    void everyOperationDoesWhatItSays(String options) throws Exception {
        LockProgram first = one.program(options);
        LockProgram second = two.program(options);

        assertThat(first.run("try", "a", file, "0-99", "X")).isEqualTo("Granted");
        assertThat(second.run("test", "b", file, "50-59", "S")).isEqualTo("Conflict X 0+100");
        assertThat(second.run("try", "b", file, "50-59", "S")).isEqualTo("Denied");
        assertThat(first.run("unlock", "a", file, "40-59")).isEqualTo("Unlocked");
        assertThat(second.run("try", "b", file, "50-59", "S")).isEqualTo("Granted");
        assertThat(second.run("test", "b", file, "100-EOF", "X")).isEqualTo("Free");

        LockProgram.Asked waits = second.ask("lock", "b", file, "0-9", "X", 60);
        awaitBlocked(second, "b", waits);
        assertThat(first.run("unlock", "a", file, "0-9")).isEqualTo("Unlocked");
        assertThat(waits.answer()).isEqualTo("Granted");

        LockProgram.Asked givesUp = second.ask("lock", "c", file, "60-69", "S", 60);
        awaitBlocked(second, "c", givesUp);
        assertThat(second.run("cancel", givesUp.id())).isEqualTo("GivenUp");

        assertThat(first.run("close")).isEqualTo("Closed");
        assertThat(second.run("close")).isEqualTo("Closed");
        LockProgram afterwards = one.program(options);
        assertThat(afterwards.run("try", "d", file, "0-EOF", "X")).isEqualTo("Granted");
        assertThat(afterwards.run("close")).isEqualTo("Closed");
    }

    /** It takes no reclaims without a grace period: then the lock is asked for anew. */
    @Test
    void killedServerGivesTheLocksBackInTheirModes() throws Exception {
        LockProgram holder = one.program("");
        assertThat(holder.run("try", "a", file, "0-9", "S")).isEqualTo("Granted");
        assertThat(holder.run("try", "a", file, "20-29", "X")).isEqualTo("Granted");
        server.script().runOrThrow("exec", "pkill", "-KILL", "-x", "ganesha.nfsd");
        server.script()
                .runOrThrow(
                        "exec",
                        "ganesha.nfsd",
                        "-f",
                        server.runFolder().resolve("etc/ganesha.conf").toString(),
                        "-L",
                        server.runFolder().resolve("ganesha.log").toString(),
                        "-p",
                        "/run/ganesha.pid");
        awaitLockManager();

        holder.run("rebooted", 7);
        holder.awaitNews("regained SHARED 0-9");
        holder.awaitNews("regained EXCLUSIVE 20-29");
        LockProgram other = two.program("");
        assertThat(other.run("test", "b", file, "0-19", "S")).isEqualTo("Free");
        assertThat(other.run("test", "b", file, "20-20", "S")).isEqualTo("Conflict X 20+10");
        assertThat(holder.run("close")).isEqualTo("Closed");
        assertThat(other.run("test", "b", file, "0-EOF", "X")).isEqualTo("Free");
    }

    private void awaitLockManager() {
        await("nfs-ganesha's lock manager answers")
                .atMost(LIMIT)
                .until(
                        () ->
                                server.script()
                                                .run(
                                                        "exec",
                                                        "rpcinfo",
                                                        "-t",
                                                        "127.0.0.1",
                                                        "100021",
                                                        "4")
                                                .status()
                                        == 0);
    }

    /** An owner's calls about a file are in order, so behind this one its LOCK has been heard. */
    private void awaitBlocked(LockProgram program, String owner, LockProgram.Asked lock) {
        assertThat(program.run("unlock", owner, file, "500-500")).isEqualTo("Unlocked");
        assertThat(lock.isAnswered()).isFalse();
    }
}
