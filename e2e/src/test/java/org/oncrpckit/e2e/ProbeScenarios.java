package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oncrpckit.e2e.HarnessScript.Outcome;

/** {@code bin/rpcprobe} against Debian's rpcbind and what is registered there. */
@ExtendWith(LinuxClientsExtension.class)
class ProbeScenarios {
    private final LinuxClients clients;

    ProbeScenarios(LinuxClients clients) {
        this.clients = clients;
    }

    private Outcome rpcprobe(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of("exec", NlmdUnderTest.launcher("rpcprobe")));
        line.addAll(List.of(arguments));
        return clients.script().run(line.toArray(String[]::new));
    }

    @Test
    void listsWhatRpcbindHas() throws Exception {
        Outcome list = rpcprobe("list", LinuxClients.SERVER);
        assertThat(list.status()).as(list.output()).isZero();
        assertThat(list.output())
                .containsPattern("100000 +portmapper +2 +udp +0\\.0\\.0\\.0:111")
                .containsPattern("100000 +portmapper +4 +tcp ")
                .containsPattern("100003 +nfs +3 +tcp ");
        Outcome local = rpcprobe("list");
        assertThat(local.status()).as(local.output()).isZero();
        assertThat(local.output()).containsPattern("100003 +nfs +3 +tcp ");
    }

    @Test
    void findsTheVersionsOfRpcbindAndPingsIt() throws Exception {
        Outcome versions = rpcprobe("versions", LinuxClients.SERVER, "rpcbind");
        assertThat(versions.status()).as(versions.output()).isZero();
        assertThat(versions.output()).contains("versions 2 to 4, answering: 2 3 4");
        Outcome ping =
                rpcprobe(
                        "ping",
                        LinuxClients.SERVER,
                        "nfs/3",
                        "--transport=tcp",
                        "--count=200",
                        "--interval=0",
                        "--in-flight=8");
        assertThat(ping.status()).as(ping.output()).isZero();
        assertThat(ping.output()).contains("200 sent, 200 answered, 0 lost, 0 failed");
    }

    @Test
    void saysThatAProgramIsNotThere() throws Exception {
        Outcome absent = rpcprobe("ping", LinuxClients.SERVER, "rusersd/2");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.output().lines()).hasSize(1);
        assertThat(absent.output()).contains("rusersd (100002) version 2 is not registered");
    }
}
