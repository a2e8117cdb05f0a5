package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code --rpcbind auto}, the default, does on three kinds of hosts. Each is a network of its
 * own with nothing but loopback, and a {@code /run} of its own, so the rpcbind of this host is not
 * seen. Needs root.
 */
@EnabledOnOs(OS.LINUX)
class RpcbindAutoTest {
    private static final String ALONE = "mount -t tmpfs none /run && ip link set lo up && ";

    /** Still root, who can read the distribution wherever it is, but without any capability. */
    private static final String POWERLESS = "setpriv --bounding-set=-all --inh-caps=-all ";

    @TempDir private Path folder;

    @Test
    void hostWithAnRpcbindHasItUsed() throws Exception {
        Requirement.that(Files.isExecutable(Path.of("/sbin/rpcbind")), "there is no /sbin/rpcbind");
        // rpcbind goes into the background when it is ready.
        try (LocalDaemon daemon = start(ALONE + "/sbin/rpcbind -w && exec \"$@\"")) {
            assertThat(daemon.readyLine()).contains(" rpcbind=system");
            assertThat(daemon.log()).doesNotContain("not registered");
        }
    }

    @Test
    void rootOnAHostWithoutOpensItsOwn() throws Exception {
        try (LocalDaemon daemon = start(ALONE + "exec \"$@\"")) {
            assertThat(daemon.readyLine()).contains(" rpcbind=embedded");
        }
    }

    @Test
    void othersOnAHostWithoutServeUnregisteredAndSayWhy() throws Exception {
        try (LocalDaemon daemon = start(ALONE + "exec " + POWERLESS + "\"$@\"")) {
            assertThat(daemon.readyLine()).contains(" rpcbind=none");
            assertThat(daemon.log())
                    .contains("no rpcbind answers on this host")
                    .containsPattern("port 111|:111");
        }
    }

    private LocalDaemon start(String script) throws IOException {
        Requirement.root();
        Path state = folder.resolve("state");
        return LocalDaemon.startWithin(
                List.of("unshare", "--net", "--mount", "sh", "-c", script, "sh"),
                LocalDaemon.SMALL_HEAP,
                state,
                List.of("--listen", "127.0.0.1", "--state-dir", state.toString()));
    }
}
