package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Messages;

class RoutesTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final Routes routes = new Routes(clock::get);

    @Test
    void kernelIsAskedAgainAfterTenSeconds() throws IOException {
        InetAddress host = Messages.address("127.0.0.9");
        InetAddress first = routes.sourceFor(host);
        assertThat(first).isEqualTo(Messages.address("127.0.0.1"));
        clock.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertThat(routes.sourceFor(host)).isSameAs(first);

        clock.incrementAndGet();

        assertThat(routes.sourceFor(host)).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void broadcastAddressesHaveASourceToo() throws IOException {
        assertThat(routes.sourceFor(Messages.address("127.255.255.255")))
                .isEqualTo(Messages.address("127.0.0.1"));
    }
}
