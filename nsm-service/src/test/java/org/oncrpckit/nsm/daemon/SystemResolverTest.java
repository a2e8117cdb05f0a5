package org.oncrpckit.nsm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nsm.protocol.HostName;

/** Names that local services want monitored. */
class SystemResolverTest {
    private final SystemResolver resolver = new SystemResolver();

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void literalsAreAnsweredAtOnceAndNamesByTheSystem() throws Exception {
        assertThat(resolver.resolve(HostName.of("192.0.2.7")).toCompletableFuture())
                .isCompletedWithValue(List.of(InetAddress.getByName("192.0.2.7")));
        assertThat(resolve("localhost")).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
    }

    /** To the JDK, "" is loopback: monitored would be this host, in place of one without a name. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "-\n", "no.such.host.invalid"})
    void whatIsNoNameStandsForNobody(String name) throws Exception {
        assertThat(resolve(name)).isEmpty();
    }

    @Test
    void nothingIsResolvedAfterTheEnd() {
        resolver.close();
        assertThat(resolver.resolve(HostName.of("localhost")).toCompletableFuture())
                .isCompletedExceptionally();
    }

    private List<InetAddress> resolve(String name) throws Exception {
        return resolver.resolve(HostName.of(name)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
