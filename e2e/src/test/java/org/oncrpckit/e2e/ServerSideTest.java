package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The test bed itself, where the scenarios lean on it without saying so. */
class ServerSideTest {
    /**
     * A guest remembers it for up to a minute, so its lock would seem to hang that long when
     * another host joins the bridge.
     */
    @Test
    void hardwareAddressStaysWhateverJoinsTheBridge() throws IOException {
        try (ServerSide server = ServerSide.upOrSkip()) {
            String before = bridge(server);
            ip(server, "tuntap", "add", "dev", "lowest", "mode", "tap");
            ip(server, "link", "set", "lowest", "address", "00:00:00:00:00:01");
            ip(server, "link", "set", "lowest", "master", "br0", "up");
            assertThat(bridge(server)).isEqualTo(before);
        }
    }

    private static String bridge(ServerSide server) throws IOException {
        String all = ip(server, "-oneline", "link", "show", "dev", "br0");
        return all.substring(all.indexOf("link/ether"));
    }

    private static String ip(ServerSide server, String... words) throws IOException {
        String[] verb = new String[words.length + 2];
        verb[0] = "exec";
        verb[1] = "ip";
        System.arraycopy(words, 0, verb, 2, words.length);
        return server.script().runOrThrow(verb);
    }
}
