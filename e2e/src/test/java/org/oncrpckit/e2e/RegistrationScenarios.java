package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.HarnessScript.Outcome;

/** The daemon and Debian's rpcbind: who may register, who is in the way, what is left behind. */
@ExtendWith(LinuxClientsExtension.class)
class RegistrationScenarios {
    private static final int NLM_PORT = 1019;
    private static final int NSM_PORT = 1018;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    RegistrationScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @AfterEach
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    void registersBothProgramsAndTakesThemBackOnTermination() throws Exception {
        assertThat(nlmd.start(NLM_PORT, NSM_PORT)).contains(" rpcbind=system ");
        assertThat(clients.registrations())
                .containsPattern("100021 +4 +udp +1019")
                .containsPattern("100021 +4 +tcp +1019")
                .containsPattern("100024 +1 +udp +1018")
                .containsPattern("100024 +1 +tcp +1018");
        assertThat(exec("rpcinfo", "-t", LinuxClients.SERVER, "100021", "4").status()).isZero();
        assertThat(exec("rpcinfo", "-u", LinuxClients.SERVER, "100021", "4").status()).isZero();
        assertThat(exec("rpcinfo", "-u", LinuxClients.SERVER, "100024", "1").status()).isZero();

        nlmd.stop("TERM");

        assertThat(clients.registrations()).doesNotContain("100021").doesNotContain("100024");
    }

    @Test
    void staleRegistrationIsReplaced() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        nlmd.stop("KILL");
        assertThat(clients.registrations()).contains("100021");
        nlmd.start(NLM_PORT - 10, NSM_PORT - 10);
        assertThat(clients.registrations())
                .containsPattern("100021 +4 +tcp +1009")
                .doesNotContainPattern("100021 +4 +tcp +1019");
    }

    /**
     * As after a kill of rpcbind, but that the NFS server's registrations stay: guests need them.
     */
    @Test
    void forgottenRegistrationsComeBack() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        for (String version : List.of("1", "3", "4")) {
            assertThat(exec("rpcinfo", "-d", "100021", version).status()).isZero();
        }
        assertThat(exec("rpcinfo", "-d", "100024", "1").status()).isZero();

        await("both are registered again")
                .atMost(Duration.ofSeconds(30))
                .until(
                        clients::registrations,
                        all -> all.contains("100021") && all.contains("100024"));
        clients.guest(1).locks("forgotten", "ex 0 10 un 0 10").awaitSuccess();
    }

    @Test
    void secondDaemonIsToldWhoServesTheProgram() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        Path state = Files.createTempDirectory(clients.runFolder(), "second");
        Outcome second =
                exec(
                        NlmdUnderTest.launcher("nlmd"),
                        "--listen",
                        LinuxClients.SERVER,
                        "--state-dir",
                        state.toString());
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.output().lines()).hasSize(1);
        assertThat(second.output())
                .contains("program 100021 (nlockmgr) is served on this host already")
                .contains("NFSv3");
        assertThat(clients.registrations()).as("ours is untouched").contains("1019");
    }

    @Test
    void runningStatdIsNamed() throws Exception {
        clients.script().runOrThrow("exec", "rpc.statd", "--no-notify", "-p", "1017");
        try {
            await("rpc.statd is registered")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> clients.registrations().contains("100024"));
            Outcome refused =
                    exec(
                            NlmdUnderTest.launcher("nlmd"),
                            "--listen",
                            LinuxClients.SERVER,
                            "--state-dir",
                            Files.createTempDirectory(clients.runFolder(), "beside").toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output().lines()).hasSize(1);
            assertThat(refused.output())
                    .contains("program 100024 (status) is served on this host already")
                    .contains("--statd external")
                    .contains("rpc-statd");
        } finally {
            clients.script().runOrThrow("exec", "pkill", "-x", "rpc.statd");
            await("rpc.statd has left rpcbind")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !clients.registrations().contains("100024"));
        }
    }

    private Outcome exec(String... command) throws IOException {
        String[] line = new String[command.length + 1];
        line[0] = "exec";
        System.arraycopy(command, 0, line, 1, command.length);
        return clients.script().run(line);
    }
}
