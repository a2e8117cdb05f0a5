package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code nlmd --statd external}: Debian's rpc.statd beside the daemon remembers the guests. */
@ExtendWith(LinuxClientsExtension.class)
class ExternalStatdScenarios {
    private static final int NLM_PORT = 1009;
    private static final int NSM_PORT = 1008;
    private static final String STATD = "statd";

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    ExternalStatdScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients).listening(LinuxClients.SERVER, "127.0.0.1");
    }

    @BeforeEach
    void boot() throws IOException {
        clients.boot(1, 2);
    }

    @AfterEach
    void stop() throws IOException {
        nlmd.close();
        clients.script().run("stop", STATD, "KILL");
    }

    @Test
    void crashedGuestLosesItsLockWhenItIsBackAndLocksAreRefusedWhileStatdIsDown() throws Exception {
        String ready = nlmd.start(NLM_PORT, NSM_PORT, "--statd", "external", "--rpcbind", "system");
        assertThat(ready).contains("nsm=external");
        GuestJob refused = clients.guest(2).locks("external", "ex 0 100");
        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output()).contains("ENOLCK");

        clients.script().runOrThrow("start", STATD, "rpc.statd", "-F", "--no-notify");
        await("rpc.statd is registered")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                clients.script()
                                        .run("exec", "rpcinfo", "-u", "127.0.0.1", "100024")
                                        .output()
                                        .contains("ready"));
        Guest crashing = clients.guest(1);
        crashing.locks("external", "ex 0 100 crash").awaitOutput("crash");
        GuestJob waiter = clients.guest(2).locks("external", "wex 0 100 un 0 100");
        nlmd.awaitWaiters(1);
        crashing.awaitDown();
        assertThat(nlmd.status().locks()).as("a dead host keeps its lock until it is back").isOne();

        clients.boot(1);

        waiter.awaitSuccess();
        nlmd.awaitLocks(0);
    }
}
