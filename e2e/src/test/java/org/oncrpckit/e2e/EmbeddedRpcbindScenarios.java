package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.HarnessScript.Outcome;

/**
 * A host without rpcbind: the NFS server registers with the one inside {@code nlmd}, guests find
 * everything through it, and the daemon follows the addresses of the host.
 */
@ExtendWith(LinuxClientsExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedRpcbindScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A user's program, and a port that nobody serves. */
    private static final String PROGRAM = "536873217";

    /** libtirpc's own way of registering; it prints 1 when that succeeded. */
    private static final String PMAP_SET =
            "import ctypes; t = ctypes.CDLL('libtirpc.so.3');"
                    + " print(t.pmap_set("
                    + PROGRAM
                    + ", 1, 17, 4711))";

    /** The same from afar: SET of version 2 from a privileged port; prints the reply's words. */
    private static final String SET_FROM_AFAR =
            "import socket, struct\n"
                    + "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                    + "s.bind(('', 700)); s.settimeout(20)\n"
                    + "s.sendto(struct.pack('>14I', 7, 0, 2, 100000, 2, 1, 0, 0, 0, 0, "
                    + PROGRAM
                    + ", 1, 17, 4711), ('"
                    + LinuxClients.SERVER
                    + "', 111))\n"
                    + "r = s.recv(100)\n"
                    + "print(struct.unpack('>%dI' % (len(r) // 4), r))\n";

    private static final String DENIED_AS_TOO_WEAK = "(7, 1, 1, 1, 5)";

    private final LinuxClients clients;
    private final NlmdUnderTest nlmd;

    EmbeddedRpcbindScenarios(LinuxClients clients) throws IOException {
        this.clients = clients;
        this.nlmd = new NlmdUnderTest(clients).listening("0.0.0.0");
    }

    @BeforeAll
    void replaceRpcbind() throws Exception {
        end("ganesha.nfsd");
        end("rpcbind");
        String ready = nlmd.start(1019, 1018, "--rpcbind", "embedded", "--address-interval", "1");
        assertThat(ready).contains(" rpcbind=embedded ");
        startNfsServer();
    }

    @AfterAll
    void restoreRpcbind() throws Exception {
        end("ganesha.nfsd");
        nlmd.close();
        clients.script().runOrThrow("exec", "rpcbind");
        await("rpcbind answers")
                .atMost(LIMIT)
                .until(() -> exec("rpcinfo", "-p", "127.0.0.1").status() == 0);
        startNfsServer();
    }

    private void end(String program) throws IOException {
        clients.script().runOrThrow("exec", "pkill", "-x", program);
        await(program + " has ended")
                .atMost(LIMIT)
                .until(() -> exec("pgrep", "-x", program).status() != 0);
    }

    private void startNfsServer() throws IOException {
        clients.script()
                .runOrThrow(
                        "exec",
                        "ganesha.nfsd",
                        "-f",
                        clients.runFolder().resolve("etc/ganesha.conf").toString(),
                        "-L",
                        clients.runFolder().resolve("ganesha.log").toString(),
                        "-p",
                        "/run/ganesha.pid");
        await("the NFS server is registered and answers")
                .atMost(LIMIT)
                .until(
                        () ->
                                exec("rpcinfo", "-t", "127.0.0.1", "100003", "3").status() == 0
                                        && exec("rpcinfo", "-t", "127.0.0.1", "100005", "3")
                                                        .status()
                                                == 0);
    }

    @Test
    void guestMountsAndLocksThroughIt() throws Exception {
        Guest guest = clients.guest(1);
        guest.run(
                "mkdir -p /run/embedded && mount -t nfs -o vers=3,proto=tcp "
                        + LinuxClients.SERVER_2
                        + ":/export /run/embedded");
        GoSign go = clients.goSign("embedded");
        GuestJob job =
                guest.locksBelow(
                        "/run/embedded",
                        "embedded",
                        "ex 0 10 waitfile " + go.inGuest() + " un 0 10");
        nlmd.awaitLocks(1);
        go.give();
        job.awaitSuccess();
        assertThat(exec("rpcinfo", "-m", "127.0.0.1").output())
                .as("whom the guest's kernel and mount asked for, and got")
                .containsPattern("nlockmgr +\\t?4\\s+tcp\\s+[1-9]")
                .containsPattern("mountd +\\t?3\\s+(tcp|udp)\\s+[1-9]");
        guest.run("umount /run/embedded");
    }

    @Test
    void rpcinfoReadsItInEveryWay() throws Exception {
        for (String host : List.of("127.0.0.1", LinuxClients.SERVER)) {
            assertThat(exec("rpcinfo", "-p", host).output())
                    .containsPattern("100000 +2 +udp +111")
                    .containsPattern("100003 +3 +tcp +2049")
                    .containsPattern("100021 +4 +udp +1019")
                    .containsPattern("100024 +1 +tcp +1018");
        }
        assertThat(exec("rpcinfo", "-s", LinuxClients.SERVER).output())
                .containsPattern("100021 +4,3,1 +tcp,udp +nlockmgr +superuser");
        assertThat(exec("rpcinfo", "-l", LinuxClients.SERVER, "100021", "4").output())
                .containsPattern("inet/udp/clts +10\\.99\\.0\\.1\\.3\\.251");
        for (String netid : List.of("udp", "tcp")) {
            assertThat(exec("rpcinfo", "-T", netid, LinuxClients.SERVER_2, "100021", "4").output())
                    .isEqualTo("program 100021 version 4 ready and waiting");
        }
    }

    @Test
    void localProgramRegistersAndARemoteOneDoesNot() throws Exception {
        assertThat(clients.guest(1).run("python3 -c \"" + SET_FROM_AFAR + "\""))
                .contains(DENIED_AS_TOO_WEAK);
        assertThat(clients.registrations()).doesNotContain(PROGRAM);
        assertThat(exec("python3", "-c", PMAP_SET).output()).isEqualTo("1");
        assertThat(clients.registrations()).containsPattern(PROGRAM + " +1 +udp +4711");
        assertThat(exec("rpcinfo", "-d", PROGRAM, "1").status()).isZero();
        assertThat(clients.registrations()).doesNotContain(PROGRAM);
    }

    @Test
    void addressesThatComeAndGoAreFollowed() throws Exception {
        String address = "10.99.0.9";
        clients.script().runOrThrow("exec", "ip", "addr", "add", address + "/24", "dev", "br0");
        await("the new address is served")
                .atMost(LIMIT)
                .until(() -> nlmd.status().service().addresses().contains(address));
        for (String netid : List.of("udp", "tcp")) {
            assertThat(clients.guest(1).run("rpcinfo -T " + netid + " " + address + " 100021 4"))
                    .contains("ready and waiting");
        }
        clients.script().runOrThrow("exec", "ip", "addr", "del", address + "/24", "dev", "br0");
        await("the address that has gone is not served")
                .atMost(LIMIT)
                .until(() -> !nlmd.status().service().addresses().contains(address));
        assertThat(nlmd.status().service().addresses()).contains(LinuxClients.SERVER);
    }

    private Outcome exec(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("exec"));
        line.addAll(Arrays.asList(command));
        return clients.script().run(line.toArray(String[]::new));
    }
}
