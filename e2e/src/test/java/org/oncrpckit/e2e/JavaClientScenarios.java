package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.e2e.Capture.NlmMessage;

/**
 * Programs with an {@code NlmClient} on two hosts lock at a running {@code nlmd}: real sockets,
 * Debian's rpcbind, and a network that can be made bad.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientScenarios {
    /** 32 bytes, the only length that versions 1 and 3 have. */
    private static final String FILE = "00112233445566778899aabbccddeeff".repeat(2);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** How long a client waits before it asks again by itself. */
    private static final double FIRST_POLL_SECONDS = 5;

    private ServerSide server;
    private NlmdUnderTest nlmd;
    private JavaHost one;
    private JavaHost two;

    @BeforeAll
    void bringUp() {
        server = ServerSide.upOrSkip();
    }

    @BeforeEach
    void start() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("JavaClientScenarios seed " + seed);
        nlmd = new NlmdUnderTest(server);
        nlmd.start(1019, 1018);
        one = new JavaHost(server, 1, seed);
        two = new JavaHost(server, 2, seed + 1);
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        two.close();
        nlmd.close();
    }

    @AfterAll
    void takeDown() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                "--udp",
                "--one-way",
                "--udp --version 3",
                "--version 1",
                "--udp --version 1 --one-way"
            })
    void everyOperationDoesWhatItSays(String options) throws Exception {
        LockProgram first = one.program(options);
        LockProgram second = two.program(options);

        assertThat(first.run("try", "a", FILE, "0-99", "X")).isEqualTo("Granted");
        assertThat(second.run("test", "b", FILE, "50-59", "S")).isEqualTo("Conflict X 0+100");
        assertThat(second.run("test", "b", FILE, "100-109", "X")).isEqualTo("Free");
        assertThat(second.run("try", "b", FILE, "50-59", "S")).isEqualTo("Denied");
        assertThat(first.run("unlock", "a", FILE, "40-59")).isEqualTo("Unlocked");
        assertThat(second.run("try", "b", FILE, "50-59", "S")).isEqualTo("Granted");
        assertThat(nlmd.held())
                .containsExactly("EXCLUSIVE 0-39", "SHARED 50-59", "EXCLUSIVE 60-99");

        LockProgram.Asked waits = second.ask("lock", "b", FILE, "0-9", "X", 60);
        nlmd.awaitWaiters(1);
        assertThat(waits.isAnswered()).isFalse();
        first.run("unlock", "a", FILE, "0-9");
        assertThat(waits.answer()).isEqualTo("Granted");

        LockProgram.Asked givesUp = second.ask("lock", "c", FILE, "60-EOF", "S", 60);
        nlmd.awaitWaiters(1);
        assertThat(second.run("cancel", givesUp.id())).isEqualTo("GivenUp");
        nlmd.awaitWaiters(0);
        assertThat(givesUp.answer()).isEqualTo("GivenUp");

        assertThat(second.run("lock", "c", FILE, "60-EOF", "S", 1)).isEqualTo("GivenUp");
        nlmd.awaitWaiters(0);
        assertThat(first.run("held")).isEqualTo("[EXCLUSIVE 10-39, EXCLUSIVE 60-99]");
        assertThat(first.run("close")).isEqualTo("Closed");
        assertThat(nlmd.held()).containsExactly("EXCLUSIVE 0-9", "SHARED 50-59");
        assertThat(second.run("close")).isEqualTo("Closed");
        assertThat(nlmd.held()).isEmpty();
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "--udp"})
    void waiterIsCalledBack(String options) throws Exception {
        LockProgram holder = one.program(options);
        LockProgram waiter = two.program(options);
        try (Capture capture = server.capture("java-granted" + options.strip())) {
            holder.run("try", "a", FILE, "0-9", "X");
            LockProgram.Asked waits = waiter.ask("lock", "b", FILE, "0-9", "X", 60);
            nlmd.awaitWaiters(1);

            holder.run("unlock", "a", FILE, "0-9");
            assertThat(waits.answer()).isEqualTo("Granted");

            List<NlmMessage> messages =
                    capture.stopWhen(
                            seen -> seen.stream().anyMatch(m -> is(m, Capture.GRANTED_RES, two)));
            List<NlmMessage> asked =
                    messages.stream().filter(m -> is(m, Capture.LOCK, two)).toList();
            NlmMessage unlocked =
                    messages.stream()
                            .filter(m -> is(m, Capture.UNLOCK, one))
                            .findFirst()
                            .orElseThrow();
            assertThat(asked).as("it does not ask again").hasSize(1);
            assertThat(messages)
                    .filteredOn(m -> m.call() && m.procedure() == Capture.GRANTED_MSG)
                    .singleElement()
                    .satisfies(m -> assertThat(m.time()).isGreaterThan(unlocked.time()));
            assertThat(capture.malformed()).isEmpty();
            waiter.run("close");
            assertThat(nlmd.held()).isEmpty();
        }
    }

    /** Where the server finds no lock manager to call back, the client asks again. */
    @Test
    void waiterWithoutRpcbindAsksAgain() throws Exception {
        LockProgram holder = one.program("--udp");
        LockProgram waiter = two.program("--udp");
        try (Capture capture = server.capture("java-polls")) {
            holder.run("try", "a", FILE, "0-9", "X");
            // Its first answer shows that it has registered.
            waiter.run("test", "b", FILE, "0-9", "X");
            for (int version : new int[] {1, 3, 4}) {
                two.run("rpcinfo", "-d", "100021", Integer.toString(version));
            }
            LockProgram.Asked waits = waiter.ask("lock", "b", FILE, "0-9", "X", 60);
            nlmd.awaitWaiters(1);
            holder.run("unlock", "a", FILE, "0-9");
            assertThat(waits.answer()).isEqualTo("Granted");

            List<NlmMessage> asked =
                    capture
                            .stopWhen(
                                    seen ->
                                            seen.stream()
                                                            .filter(m -> is(m, Capture.LOCK, two))
                                                            .count()
                                                    >= 2)
                            .stream()
                            .filter(m -> is(m, Capture.LOCK, two))
                            .toList();
            assertThat(asked.get(asked.size() - 1).time() - asked.get(0).time())
                    .isGreaterThan(FIRST_POLL_SECONDS - 0.5);
            waiter.run("close");
            assertThat(nlmd.held()).isEmpty();
        }
    }

    /** A daemon refuses to start where another lock manager is registered; this one lets go. */
    @Test
    void programMakesWayForADaemonThatStartsLater() throws Exception {
        LockProgram holder = two.program("--udp");
        LockProgram waiter = one.program("--udp --relay " + one.stateFolder().resolve("nlmd.sock"));
        holder.run("try", "a", FILE, "0-9", "X");
        LockProgram.Asked waits = waiter.ask("lock", "b", FILE, "0-9", "X", 60);
        nlmd.awaitWaiters(1);
        await("the program is its host's lock manager")
                .atMost(LIMIT)
                .until(() -> one.run("rpcinfo", "-p").contains("100021"));

        LocalDaemon daemon = one.startDaemon("--rpcbind", "system", "--nlm-port", "4045");
        try (Capture capture = server.capture("java-made-way")) {
            holder.run("unlock", "a", FILE, "0-9");
            assertThat(waits.answer()).isEqualTo("Granted");
            capture.stopWhen(seen -> seen.stream().anyMatch(m -> is(m, Capture.GRANTED_RES, one)));

            waiter.run("close");
            assertThat(one.run("rpcinfo", "-p"))
                    .as("of the daemon")
                    .contains("100021")
                    .contains("4045");
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    /** The daemon on the clients' host brings the grants, and the news that the server is back. */
    @Test
    void killedServerOnOtherPortsGivesTheLocksBackInTheirModes() throws Exception {
        one.startDaemon();
        String relay = "--udp --relay " + one.stateFolder().resolve("nlmd.sock");
        LockProgram holder = one.program(relay);
        LockProgram waiter = one.program(relay);
        holder.run("try", "a", FILE, "0-9", "S");
        holder.run("try", "a", FILE, "20-29", "X");
        LockProgram.Asked waits = waiter.ask("lock", "b", FILE, "0-9", "X", 80);
        nlmd.awaitWaiters(1);

        restartOnOtherPorts();
        holder.awaitNews("reclaimed SHARED 0-9");
        holder.awaitNews("reclaimed EXCLUSIVE 20-29");
        assertThat(nlmd.held()).containsExactly("SHARED 0-9", "EXCLUSIVE 20-29");
        LockProgram thief = two.program("--udp");
        assertThat(thief.run("try", "c", FILE, "0-9", "X")).isEqualTo("Denied");

        nlmd.awaitWaiters(1);
        holder.run("unlock", "a", FILE, "0-9");
        assertThat(waits.answer()).isEqualTo("Granted");
        assertThat(nlmd.held()).containsExactly("EXCLUSIVE 0-9", "EXCLUSIVE 20-29");
        waiter.run("close");
        holder.run("close");
        assertThat(nlmd.held()).isEmpty();
    }

    @Test
    void clientWithoutMonitorReclaimsWhenItIsTold() throws Exception {
        LockProgram holder = one.program("--one-way");
        assertThat(holder.run("try", "a", FILE, "0-9", "S")).isEqualTo("Granted");
        holder.awaitNews("not monitored " + ServerSide.ADDRESS);
        restartOnOtherPorts();
        // Nobody waits for its reclaim: the server knows no host that it could call back.
        holder.run("rebooted", 7);
        holder.awaitNews("reclaimed SHARED 0-9");
        assertThat(nlmd.held()).containsExactly("SHARED 0-9");
        holder.run("close");
        assertThat(nlmd.held()).isEmpty();
    }

    /** A number in a file, read and written under the lock, is right in the end. */
    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"--udp", "--udp --one-way", ""})
    void nobodyComesBetweenOverABadNetwork(String options) throws Exception {
        int times = 5;
        Path counter = server.runFolder().resolve("counter");
        Files.writeString(counter, "0");
        LockProgram first = one.program(options);
        LockProgram second = two.program(options);
        one.cable(5, 10, 20);
        two.cable(5, 10, 20);
        List<LockProgram.Asked> all = new ArrayList<>();
        for (String owner : List.of("a", "b")) {
            all.add(first.ask("count", owner, FILE, times, counter));
            all.add(second.ask("count", owner, FILE, times, counter));
        }
        await("all have counted")
                .atMost(Duration.ofSeconds(170))
                .until(() -> all.stream().allMatch(LockProgram.Asked::isAnswered));
        assertThat(all).extracting(LockProgram.Asked::answer).containsOnly("Counted");
        assertThat(Files.readString(counter)).isEqualTo(Integer.toString(4 * times));
        one.cable(0, 0, 0);
        two.cable(0, 0, 0);
        first.run("close");
        second.run("close");
        nlmd.awaitNothingLeft();
    }

    /** The lock comes while the client is cut off and has given up: it gives it back. */
    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "--udp --one-way"})
    void lateGrantAfterCancelIsGivenBack(String options) throws Exception {
        LockProgram holder = one.program(options);
        LockProgram waiter = two.program(options);
        holder.run("try", "a", FILE, "0-9", "X");
        LockProgram.Asked waits = waiter.ask("lock", "b", FILE, "0-9", "X", 80);
        nlmd.awaitWaiters(1);
        two.cutCable();
        LockProgram.Asked cancelled = waiter.ask("cancel", waits.id());
        holder.run("unlock", "a", FILE, "0-9");
        await("the lock is the other one's, who cannot be told")
                .atMost(LIMIT)
                .until(
                        () ->
                                nlmd.admin().held().stream()
                                        .anyMatch(each -> each.owner().contains(two.address())));
        two.cable(0, 0, 0);
        assertThat(cancelled.answer()).isEqualTo("GivenUp");
        assertThat(waits.answer()).isEqualTo("GivenUp");
        nlmd.awaitLocks(0);
        assertThat(waiter.run("held")).isEqualTo("[]");
    }

    private void restartOnOtherPorts() throws Exception {
        int ports = nlmd.status().service().nlmPort() == 1019 ? 1009 : 1019;
        nlmd.stop("KILL");
        nlmd.start(ports, ports - 1);
    }

    private static boolean is(NlmMessage message, int procedure, JavaHost from) {
        return message.call()
                && message.procedure() == procedure
                && message.from().equals(from.address());
    }
}
