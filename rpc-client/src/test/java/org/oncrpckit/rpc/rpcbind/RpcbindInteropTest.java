package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.HostFacts;

/** The rpcbind client against Debian's rpcbind, where this host lets us start one. */
class RpcbindInteropTest {
    private static final Path RPCBIND = Path.of("/usr/sbin/rpcbind");

    /** A network, a /run and processes of their own, which all end with the first of them. */
    private static final List<String> UNSHARE =
            List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c");

    /** A link that has broadcast and multicast addresses, usable at once. */
    private static final String NETWORK =
            "ip link set lo up && ip link add v0 type veth peer name v1"
                    + " && echo 0 > /proc/sys/net/ipv6/conf/v0/accept_dad"
                    + " && ip addr add 10.9.0.1/24 broadcast + dev v0"
                    + " && ip link set v0 up && ip link set v1 up";

    private static Process start(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(UNSHARE);
        command.add(script);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void everyVersionAgainstDebiansRpcbind() throws Exception {
        assumeTrue(Files.isExecutable(RPCBIND), RPCBIND + " is not installed");
        assumeTrue(HostFacts.allowsPrivilegedPorts(), "ports below 1024 need a right");
        Process probe = start(NETWORK + " && mount -t tmpfs tmpfs /run");
        assumeTrue(
                probe.waitFor(20, TimeUnit.SECONDS) && probe.exitValue() == 0,
                "no network namespace can be made here");
        Process interop =
                start(
                        NETWORK
                                + " && mount -t tmpfs tmpfs /run && mkdir /run/rpcbind"
                                + " && { /usr/sbin/rpcbind -f -r & } && \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RpcbindInterop.class.getName());
        String output = new String(interop.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(interop.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(interop.exitValue()).as(output).isZero();
        assertThat(output).contains("rpcbind interop passed");
    }
}
