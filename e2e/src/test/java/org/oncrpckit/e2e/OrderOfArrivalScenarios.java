package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kernels, programs with an {@code NlmClient} on a host of their own, and {@code nlmctl lock} on
 * the server wait for one lock, and get it in the order in which they came.
 */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderOfArrivalScenarios {
    private static final String FILE = "arrivals";
    private static final int WAIT_SECONDS = 80;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;
    private final Path arrivals;
    private JavaHost javaHost;

    OrderOfArrivalScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
        this.arrivals = clients.share().resolve("arrivals.log");
    }

    @BeforeAll
    void start() throws IOException {
        nlmd.start(1019, 1018);
        clients.boot(1, 2, 3);
        javaHost = new JavaHost(clients.server(), 1, 1);
    }

    @AfterEach
    void nothingIsLeft() {
        nlmd.awaitNothingLeft();
    }

    @AfterAll
    void stop() throws IOException {
        if (javaHost != null) {
            javaHost.close();
        }
        nlmd.close();
    }

    @Test
    void guestsJavaProgramsAndLocalCommandsAreServedAsTheyCome() throws Exception {
        // No sign for it to go on: those would not wait for a slow machine as long as it takes.
        GuestJob holder = clients.guest(1).locks(FILE, "ex 0 10 sleep 600");
        holder.awaitOutput("ex 0 10 ok");
        String file = HexFormat.of().formatHex(nlmd.admin().held().get(0).file().toByteArray());
        LockProgram program = javaHost.program("");
        assertThat(program.run("try", "refused", file, "0-9", "X")).isEqualTo("Denied");

        CompletableFuture<String> javaOne = waitInJava(program, "java-one", file);
        nlmd.awaitWaiters(1);
        GuestJob guestTwo = waitInGuest(2);
        nlmd.awaitWaiters(2);
        Process localOne = waitHere("local-one", file);
        nlmd.awaitWaiters(3);
        CompletableFuture<String> javaTwo = waitInJava(program, "java-two", file);
        nlmd.awaitWaiters(4);
        Process localTwo = waitHere("local-two", file);
        nlmd.awaitWaiters(5);
        GuestJob guestThree = waitInGuest(3);
        nlmd.awaitWaiters(6);
        assertThat(arrivals).as("who has had the lock").doesNotExist();
        holder.signal("KILL");

        for (CompletableFuture<String> each : List.of(javaOne, javaTwo)) {
            assertThat(each.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("Unlocked");
        }
        for (Process each : List.of(localOne, localTwo)) {
            assertThat(each.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(each.exitValue()).isZero();
        }
        guestTwo.awaitSuccess();
        guestThree.awaitSuccess();
        assertThat(Files.readAllLines(arrivals))
                .containsExactly(
                        "java-one", "client2", "local-one", "java-two", "local-two", "client3");
        assertThat(program.run("close")).isEqualTo("Closed");
    }

    /** Waits, writes its name under the lock, and gives it back. */
    private CompletableFuture<String> waitInJava(LockProgram program, String name, String file) {
        return program.ask("lock", name, file, "0-9", "X", WAIT_SECONDS)
                .future()
                .thenCompose(
                        answer -> {
                            assertThat(answer).isEqualTo("Granted");
                            note(name);
                            return program.ask("unlock", name, file, "0-9").future();
                        });
    }

    private void note(String name) {
        try {
            Files.writeString(
                    arrivals, name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GuestJob waitInGuest(int number) throws IOException {
        return clients.guest(number).locks(FILE, "wex 0 10 note /srv/arrivals.log un 0 10");
    }

    /** Runs {@code nlmctl lock} beside the daemon. */
    private Process waitHere(String name, String file) throws IOException {
        return new ProcessBuilder(
                        NlmdUnderTest.launcher("nlmctl"),
                        "lock",
                        "--state-dir",
                        nlmd.stateFolder().toString(),
                        "--file",
                        "0x" + file,
                        "--range",
                        "0:9",
                        "--wait",
                        Integer.toString(WAIT_SECONDS),
                        "--",
                        "sh",
                        "-c",
                        "echo " + name + " >> " + arrivals)
                .redirectErrorStream(true)
                .redirectOutput(clients.runFolder().resolve(name + ".log").toFile())
                .start();
    }
}
