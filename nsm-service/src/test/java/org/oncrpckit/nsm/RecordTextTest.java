package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

class RecordTextTest {
    private static final InetAddress HOST = Hosts.address("10.99.0.11");
    private static final String LOOPBACK =
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "0100007f" : "7f000001";

    @Test
    void contactOfAnInsideServiceIsALineThatStatdCanRead() {
        assertThat(text(Hosts.record(HOST)))
                .isEqualTo(
                        LOOPBACK
                                + " 00000000 00000000 00000000 00000000000000000000ffff0a630001"
                                + " client server.example.org\n");
    }

    @Test
    void lineOfStatdIsRead() throws BadRecordException {
        String line =
                LOOPBACK
                        + " 000186b5 00000003 00000010 0102030405060708090a0b0c0d0e0f10"
                        + " client1.example.org server\n";
        HostRecord record = RecordText.decode(HOST, bytes(line));
        CallBack callBack = record.contacts().get(0).callBack().orElseThrow();
        assertThat(callBack.program()).isEqualTo(100021);
        assertThat(callBack.version()).isEqualTo(3);
        assertThat(callBack.procedure()).isEqualTo(16);
        assertThat(callBack.priv()).hasToString("0102030405060708090a0b0c0d0e0f10");
        assertThat(record.contacts().get(0).name()).hasToString("client1.example.org");
        assertThat(record.contacts().get(0).localName()).hasToString("server");
        assertThat(text(record)).isEqualTo(line);
    }

    @Test
    void oldLineOfStatdWithoutNamesIsRead() throws BadRecordException {
        HostRecord record =
                RecordText.decode(
                        HOST,
                        bytes("0100007f 000186b5 00000003 00000010 " + "00".repeat(16) + "\n"));
        assertThat(record.contacts().get(0).name()).hasToString("10.99.0.11");
        assertThat(record.contacts().get(0).localName().bytes()).isEqualTo(Opaque.EMPTY);
    }

    @Test
    void everyRecordIsReadAsItWasWritten() throws BadRecordException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            HostRecord record = randomRecord(random);
            assertThat(RecordText.decode(record.address(), RecordText.encode(record)))
                    .isEqualTo(record);
        }
    }

    @Test
    void hostileNameStaysWithinItsFieldAndFitsStatdsLine() throws BadRecordException {
        byte[] hostile = new byte[HostName.LENGTH_MAX];
        new Random(1).nextBytes(hostile);
        hostile[0] = ' ';
        hostile[1] = '\n';
        Contact contact =
                new Contact(
                        new HostName(Opaque.copyOf(hostile)),
                        Hosts.SERVER,
                        Hosts.SERVER_NAME,
                        Optional.empty(),
                        0,
                        false);
        String text = text(new HostRecord(HOST, List.of(contact)));
        assertThat(text).matches("[\\x21-\\x7e]+( [\\x21-\\x7e]+){6}\n");
        assertThat(text.length()).isLessThan(1024);
        HostName name = RecordText.decode(HOST, bytes(text)).contacts().get(0).name();
        assertThat(name.bytes().toByteArray()).startsWith(hostile[0], hostile[1]).hasSize(255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "0100007f 00000000 00000000 00000000 00000000000000000000ffff0a630001 a b",
                "hello\n",
                "0100007f 00000000 00000000 00000000 0000 a b\n",
                "0100007f 00000000 00000000 0000000g 00000000000000000000ffff0a630001 a b\n",
                "0100007f 00000000 00000000 00000000 00000000000000000000ffff0a63000x a b\n",
                "0100007f 0 0 0 00000000000000000000ffff0a630001 a b\n",
            })
    void whatIsNoRecordIsRefused(String text) {
        assertThatThrownBy(() -> RecordText.decode(HOST, bytes(text)))
                .isInstanceOf(BadRecordException.class);
    }

    private static HostRecord randomRecord(Random random) {
        boolean ipv6 = random.nextBoolean();
        InetAddress host = Hosts.address(ipv6 ? "fd00::" + random.nextInt(9999) : "10.0.0.7");
        List<Contact> contacts = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[1 + random.nextInt(RecordText.NAME_LENGTH_MAX)];
            random.nextBytes(name);
            HostName hostName = new HostName(Opaque.copyOf(name));
            byte[] priv = new byte[16];
            random.nextBytes(priv);
            boolean inside = random.nextBoolean();
            contacts.add(
                    inside
                            ? new Contact(
                                    hostName,
                                    Hosts.address(ipv6 ? "fd00::a" : "10.0.0.1"),
                                    hostName,
                                    Optional.empty(),
                                    random.nextInt(3),
                                    random.nextBoolean())
                            : new Contact(
                                    hostName,
                                    Wildcard.of(host),
                                    hostName,
                                    Optional.of(
                                            new CallBack(
                                                    1 + random.nextInt(1 << 30),
                                                    random.nextInt(),
                                                    random.nextInt(),
                                                    Opaque.copyOf(priv))),
                                    0,
                                    false));
        }
        return new HostRecord(host, contacts);
    }

    private static String text(HostRecord record) {
        return new String(RecordText.encode(record), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
