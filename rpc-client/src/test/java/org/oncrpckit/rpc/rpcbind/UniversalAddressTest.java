package org.oncrpckit.rpc.rpcbind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UniversalAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7.3.232, 192.0.2.7, 1000",
        "0.0.0.0.0.111, 0.0.0.0, 111",
        "127.0.0.1.255.255, 127.0.0.1, 65535",
        "::1.0.111, ::1, 111",
        "::.3.232, ::, 1000",
        "2001:db8::7.0.0, 2001:db8::7, 0",
        "fe80::1%eth0.3.232, fe80::1, 1000",
        "::ffff:192.0.2.7.3.232, 192.0.2.7, 1000"
    })
    void validTextIsParsed(String text, String host, int port) {
        assertThat(UniversalAddress.parse(text)).isEqualTo(new InetSocketAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "111",
                "0.111",
                "192.0.2.7",
                "192.0.2.7.3",
                "192.0.2.7.3.256",
                "192.0.2.7.256.0",
                "192.0.2.256.3.1",
                "192.0.2.7.3.232.1",
                "192.0.2.7.3.1000",
                "192.0.2.7.03.232",
                "192.0.2.07.3.232",
                "192.0.2.7.-1.5",
                "192.0.2.7.+1.5",
                " 192.0.2.7.3.232",
                "192.0.2.7.3.232\n",
                "localhost.3.232",
                "abc.3.232",
                "beef.3.232",
                ":::1.3.232",
                "12345::1.3.232",
                "[::1].3.232",
                "::1.3",
                "::1",
                "1:2:3:4:5:6:7:8:9.3.232",
                "/run/rpcbind.sock",
                "192.0.2.7:3.232",
                "%.1.1"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> UniversalAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void endlessTextIsNotLookedAt() {
        assertThatThrownBy(() -> UniversalAddress.parse("1.".repeat(1_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit 100");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 1000, 192.0.2.7.3.232",
        "0.0.0.0, 111, 0.0.0.0.0.111",
        "::1, 65535, 0:0:0:0:0:0:0:1.255.255"
    })
    void formatIsWhatParseReads(String host, int port, String text) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        assertThat(UniversalAddress.format(address)).isEqualTo(text);
        assertThat(UniversalAddress.parse(text)).isEqualTo(address);
    }

    @Test
    void scopeMeansNothingOnAnotherHost() throws UnknownHostException {
        byte[] linkLocal = InetAddress.getByName("fe80::7").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, linkLocal, 3);
        assertThat(UniversalAddress.format(new InetSocketAddress(scoped, 1000)))
                .isEqualTo("fe80:0:0:0:0:0:0:7.3.232");
    }

    @Test
    void unresolvedAddressHasNoText() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere", 1);
        assertThatThrownBy(() -> UniversalAddress.format(unresolved))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
