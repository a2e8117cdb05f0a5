package org.oncrpckit.rpc.server.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenAddressesTest {
    private final List<InetAddress> host =
            List.of(
                    address("::1"),
                    address("127.0.0.1"),
                    address("2001:db8::7"),
                    address("192.0.2.7"));

    @Test
    void nothingSaidMeansLoopback() throws StartupException {
        ListenAddresses loopback = ListenAddresses.parse(List.of(), "--listen");
        assertThat(loopback.follow()).isFalse();
        assertThat(loopback.among(host)).containsExactly(address("127.0.0.1"), address("::1"));
    }

    @Test
    void wildcardStandsForItsFamilyIpv4First() throws StartupException {
        ListenAddresses four = ListenAddresses.parse(List.of("0.0.0.0"), "--listen");
        assertThat(four.follow()).isTrue();
        assertThat(four.among(host)).containsExactly(address("127.0.0.1"), address("192.0.2.7"));
        for (String everything : List.of("::", "all")) {
            assertThat(ListenAddresses.parse(List.of(everything), "--listen").among(host))
                    .containsExactly(
                            address("127.0.0.1"),
                            address("192.0.2.7"),
                            address("::1"),
                            address("2001:db8::7"));
        }
    }

    @Test
    void namedAddressIsBoundOnceWhetherTheHostHasItOrNot() throws StartupException {
        ListenAddresses named =
                ListenAddresses.parse(List.of("192.0.2.9", "0.0.0.0", "192.0.2.9"), "--listen");
        assertThat(named.among(List.of(address("192.0.2.9"), address("127.0.0.1"))))
                .containsExactly(address("192.0.2.9"), address("127.0.0.1"));
        assertThat(named.among(List.of())).containsExactly(address("192.0.2.9"));
    }

    @Test
    void unknownWordIsNamedWithTheOption() {
        for (String word : List.of("no.such.host.invalid", "")) {
            assertThatThrownBy(() -> ListenAddresses.parse(List.of(word), "--listen"))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("--listen " + word + ": no such address");
        }
    }

    @Test
    void textOfAnAddressIsTheShortestOne() {
        assertThat(ListenAddresses.format(host)).isEqualTo("::1,127.0.0.1,2001:db8::7,192.0.2.7");
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
