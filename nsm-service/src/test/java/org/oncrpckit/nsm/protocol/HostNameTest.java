package org.oncrpckit.nsm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.xdr.Opaque;

class HostNameTest {
    @ParameterizedTest
    @CsvSource({
        "client1, client1, true",
        "client1, CLIENT1, true",
        "client1.example.org, client1, true",
        "client1, Client1.Example.ORG, true",
        "client1.example.org, client1.example.com, false",
        "client1, client10, false",
        "client1.example.org, example.org, false",
        "10.0.0.1, 10, false",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.11, false",
        ".example.org, '', false",
    })
    void fullAndShortNamesOfOneHostAreTheSameHost(String one, String other, boolean same) {
        assertThat(HostName.of(one).sameHost(HostName.of(other))).isEqualTo(same);
        assertThat(HostName.of(other).sameHost(HostName.of(one))).isEqualTo(same);
    }

    @Test
    void hostileBytesAreEscapedInText() {
        HostName name = new HostName(Opaque.copyOf((byte) '%', (byte) 'n', (byte) 0, (byte) '/'));
        assertThat(name).hasToString("%25n%00%2f");
        assertThat(HostName.of("a b\n\u00e9")).hasToString("a%20b%0a%c3%a9");
    }

    @Test
    void longerThanTheProtocolAllowsIsRefused() {
        assertThat(new HostName(Opaque.copyOf(new byte[1024])).bytes().length()).isEqualTo(1024);
        assertThatThrownBy(() -> new HostName(Opaque.copyOf(new byte[1025])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1025")
                .hasMessageContaining("1024");
    }

    @Test
    void mappedLiteralIsTheIpv4Address() throws Exception {
        assertThat(HostName.of("::ffff:10.0.0.1").address())
                .contains(InetAddress.getByName("10.0.0.1"));
        assertThat(HostName.of("fd00::1").address()).contains(InetAddress.getByName("fd00::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "1",
                "z::1",
                "::g",
                "a:b",
                "10.0.0.1 ",
                ":",
                "%25",
                "fe80::1%nosuchinterface0",
                "::1/64",
                "1:2:3:4:5:6:7:8:9"
            })
    void whatIsNoLiteralIsNoAddressAndIsNeverResolved(String text) {
        assertThat(HostName.of(text).address()).isEmpty();
    }
}
