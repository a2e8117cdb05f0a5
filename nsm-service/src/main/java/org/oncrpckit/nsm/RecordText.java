package org.oncrpckit.nsm;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/**
 * The content of a host's file: rpc.statd's own lines, one for each contact.
 *
 * <pre>
 * 0100007f 000186b5 00000004 00000010 0123456789abcdef0123456789abcdef client1 server.example.org
 * address  program  version  proc.    priv: 16 bytes                   its name  our name
 * </pre>
 *
 * <p>The address is where the call-back goes, always loopback, in the byte order of the host. A
 * contact of a service inside this process needs no call-back: its program is 0, which no service
 * has, and what rpc.statd calls {@code priv} is the local address that the host uses, as 16 bytes
 * (IPv4 as mapped). {@code proc.} counts the restarts after which the host did not answer, and
 * {@code version} is 1 when it has answered one and not come back since. So everything is in one
 * file, replaced at once, that rpc.statd and sm-notify can read, rewrite and delete.
 *
 * <p>Names are percent-encoded but for letters, digits and {@code . _ : -}.
 */
final class RecordText {
    /** Longest name of a host that is kept; it is only a label. */
    static final int NAME_LENGTH_MAX = 255;

    /** Longest file that is read. */
    static final int LENGTH_MAX = 256 * 1024;

    private static final int NO_PROGRAM = 0;
    private static final int TOLD = 1;
    private static final int FIELDS = 5;
    private static final int HEX_DIGITS = 8;
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");
    private static final HexFormat HEX = HexFormat.of();

    private RecordText() {}

    static byte[] encode(HostRecord record) {
        StringBuilder text = new StringBuilder();
        for (Contact each : record.contacts()) {
            int program = each.callBack().map(CallBack::program).orElse(NO_PROGRAM);
            int version = each.callBack().map(CallBack::version).orElse(each.told() ? TOLD : 0);
            int procedure = each.callBack().map(CallBack::procedure).orElse(each.timesGivenUp());
            byte[] priv =
                    each.callBack()
                            .map(callBack -> callBack.priv().toByteArray())
                            .orElseGet(() -> sixteenBytes(each.localAddress()));
            text.append(HEX.toHexDigits(loopback()))
                    .append(' ')
                    .append(HEX.toHexDigits(program))
                    .append(' ')
                    .append(HEX.toHexDigits(version))
                    .append(' ')
                    .append(HEX.toHexDigits(procedure))
                    .append(' ')
                    .append(HEX.formatHex(priv))
                    .append(' ')
                    .append(shortened(each.name()))
                    .append(' ')
                    .append(shortened(each.localName()))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads what {@link #encode} or rpc.statd wrote. */
    static HostRecord decode(InetAddress host, byte[] bytes) throws BadRecordException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            throw new BadRecordException("empty");
        }
        if (!text.endsWith("\n")) {
            throw new BadRecordException("its last line has no end");
        }
        List<Contact> contacts = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (!line.isEmpty()) {
                contacts.add(contact(host, line));
            }
        }
        if (contacts.isEmpty() || contacts.size() > HostRecord.CONTACTS_MAX) {
            throw new BadRecordException(
                    contacts.size() + " lines (expected: 1 to " + HostRecord.CONTACTS_MAX + ")");
        }
        return new HostRecord(host, contacts);
    }

    private static Contact contact(InetAddress host, String line) throws BadRecordException {
        String[] fields = line.split(" ", FIELDS + 2);
        if (fields.length < FIELDS || fields[FIELDS - 1].length() != 2 * CallBack.PRIV_LENGTH) {
            throw new BadRecordException("a line that is not rpc.statd's");
        }
        for (int i = 0; i < FIELDS - 1; i++) {
            if (fields[i].length() != HEX_DIGITS) {
                throw new BadRecordException("a line that is not rpc.statd's");
            }
        }
        int program;
        int version;
        int procedure;
        byte[] priv;
        try {
            program = HexFormat.fromHexDigits(fields[1]);
            version = HexFormat.fromHexDigits(fields[2]);
            procedure = HexFormat.fromHexDigits(fields[3]);
            priv = HEX.parseHex(fields[FIELDS - 1]);
        } catch (IllegalArgumentException e) {
            throw new BadRecordException("a number that is not hexadecimal");
        }
        HostName name =
                fields.length > FIELDS && !fields[FIELDS].isEmpty()
                        ? unescaped(fields[FIELDS])
                        : HostName.of(host);
        HostName localName = unescaped(fields.length > FIELDS + 1 ? fields[FIELDS + 1] : "");
        if (program == NO_PROGRAM) {
            return new Contact(
                    name,
                    address(host, priv),
                    localName,
                    Optional.empty(),
                    Math.max(procedure, 0),
                    version == TOLD);
        }
        CallBack callBack = new CallBack(program, version, procedure, Opaque.copyOf(priv));
        return new Contact(name, Wildcard.of(host), localName, Optional.of(callBack), 0, false);
    }

    private static byte[] sixteenBytes(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? ByteBuffer.allocate(CallBack.PRIV_LENGTH).put(MAPPED).put(bytes).array()
                : bytes;
    }

    /** A link-local address is on the link of the host that used it. */
    private static InetAddress address(InetAddress host, byte[] sixteen) throws BadRecordException {
        try {
            InetAddress address = InetAddress.getByAddress(sixteen);
            if (address.isLinkLocalAddress() && host instanceof Inet6Address peer) {
                return peer.getScopedInterface() != null
                        ? Inet6Address.getByAddress(null, sixteen, peer.getScopedInterface())
                        : Inet6Address.getByAddress(null, sixteen, peer.getScopeId());
            }
            return address;
        } catch (UnknownHostException e) {
            throw new BadRecordException("a local address that is none: " + e.getMessage());
        }
    }

    private static String shortened(HostName name) {
        byte[] bytes = name.bytes().toByteArray();
        return bytes.length <= NAME_LENGTH_MAX
                ? name.toString()
                : new HostName(Opaque.copyOf(Arrays.copyOf(bytes, NAME_LENGTH_MAX))).toString();
    }

    private static HostName unescaped(String text) throws BadRecordException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%'
                    && i + 2 < text.length()
                    && HexFormat.isHexDigit(text.charAt(i + 1))
                    && HexFormat.isHexDigit(text.charAt(i + 2))) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        if (bytes.size() > HostName.LENGTH_MAX) {
            throw new BadRecordException("a name longer than " + HostName.LENGTH_MAX + " bytes");
        }
        return new HostName(Opaque.copyOf(bytes.toByteArray()));
    }

    private static int loopback() {
        return ByteBuffer.wrap(new byte[] {127, 0, 0, 1}).order(ByteOrder.nativeOrder()).getInt();
    }
}
