package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ipv4OnlyTest {
    @Test
    void addressOfAFamilyThatTheHostLacksIsAFailureLikeAnyOther() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Djava.net.preferIPv4Stack=true",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Ipv4Only.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        for (String start :
                List.of(
                        "bind: java.net.BindException: cannot bind /[0:0:0:0:0:0:0:1]:111: ",
                        "listen: java.net.BindException: cannot bind /[0:0:0:0:0:0:0:1]:111: ",
                        "connect: java.net.ConnectException: cannot connect to /[0:0:0:0:0:0:0:1]",
                        "route: java.net.NoRouteToHostException: no route to /0:0:0:0:0:0:0:1: ",
                        "call: org.oncrpckit.rpc.client.RpcUnreachableException: cannot be sent: ",
                        "call: org.oncrpckit.rpc.client.RpcUnreachableException: cannot connect",
                        "running 0")) {
            assertThat(output.lines()).anyMatch(line -> line.startsWith(start));
        }
    }
}
