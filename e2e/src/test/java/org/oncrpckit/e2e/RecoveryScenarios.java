package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Guests crash, the daemon is killed, ports move: locks follow the programs that hold them. */
@ExtendWith(LinuxClientsExtension.class)
class RecoveryScenarios {
    private static final int NLM_PORT = 1019;
    private static final int NSM_PORT = 1018;

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    RecoveryScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients);
    }

    @BeforeEach
    void boot() throws IOException {
        clients.boot(1, 2, 3);
    }

    @AfterEach
    void stop() throws IOException {
        nlmd.close();
    }

    @Test
    void crashedGuestLosesItsLockWhenItIsBack() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        Guest crashing = clients.guest(1);
        crashing.locks("crash", "ex 0 100 crash").awaitOutput("crash");
        GuestJob waiter = clients.guest(2).locks("crash", "wex 0 100 un 0 100");
        nlmd.awaitWaiters(1);
        crashing.awaitDown();
        assertThat(nlmd.status().locks()).as("a dead host keeps its lock until it is back").isOne();

        clients.boot(1);

        waiter.awaitSuccess();
        nlmd.awaitLocks(0);
    }

    @Test
    void killedDaemonGetsItsLocksBackAndNobodyStealsThem() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        GoSign go = clients.goSign("killed");
        GuestJob holder =
                clients.guest(1).locks("killed", "ex 0 100 waitfile " + go.inGuest() + " un 0 100");
        holder.awaitOutput("ex 0 100 ok");
        GuestJob waiter = clients.guest(2).locks("killed", "wex 0 100 un 0 100");
        nlmd.awaitWaiters(1);

        nlmd.stop("KILL");
        String ready = nlmd.start(NLM_PORT, NSM_PORT);
        assertThat(ready).contains("grace=" + NlmdUnderTest.GRACE_SECONDS + "s");
        // The kernel asks again every 5 s while the server is in grace, then it is refused.
        GuestJob thief = clients.guest(3).locks("killed", "ex 0 100");

        nlmd.awaitLocks(1);
        assertThat(nlmd.admin().held())
                .singleElement()
                .satisfies(lock -> assertThat(lock.owner()).contains("10.99.0.11"));
        assertThat(thief.awaitEnd()).isEqualTo(1);
        assertThat(thief.output()).contains("ex 0 100 EAGAIN");
        nlmd.awaitWaiters(1);
        go.give();
        holder.awaitSuccess();
        waiter.awaitSuccess();
        nlmd.awaitLocks(0);
    }

    @Test
    void daemonThatStartsAfterTheFirstLockIsPickedUp() throws Exception {
        GuestJob early = clients.guest(1).locks("late", "ex 0 10 un 0 10");
        early.awaitStart();
        assertThat(early.hasEnded()).isFalse();
        nlmd.start(NLM_PORT, NSM_PORT);
        early.awaitSuccess();
    }

    @Test
    void daemonThatMovesToOtherPortsIsPickedUp() throws Exception {
        nlmd.start(NLM_PORT, NSM_PORT);
        GoSign go = clients.goSign("moved");
        GuestJob holder =
                clients.guest(1).locks("moved", "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        holder.awaitOutput("ex 0 10 ok");
        nlmd.stop("TERM");
        nlmd.start(NLM_PORT - 10, NSM_PORT - 10);
        nlmd.awaitLocks(1);
        go.give();
        holder.awaitSuccess();
        clients.guest(2).locks("moved", "ex 0 10 un 0 10").awaitSuccess();
        nlmd.awaitLocks(0);
    }
}
