package org.oncrpckit.rpc.rpcbind;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Internet addresses as rpcbind writes them (RFC 5665 section 5.2): the address, then the port as
 * two decimal numbers from 0 to 255, its high byte first.
 *
 * <pre>
 * 192.0.2.7.3.232      port 1000 of 192.0.2.7
 * 2001:db8::7.3.232    port 1000 of 2001:db8::7
 * </pre>
 */
public final class UniversalAddress {
    /** Longest text that is looked at: an IPv6 address with its scope and port has fewer. */
    private static final int LENGTH_MAX = 100;

    private static final String BYTE = "(0|[1-9][0-9]{0,2})";
    private static final Pattern FORMAT =
            Pattern.compile("([0-9a-fA-F:.]+?)(?:%[0-9A-Za-z_.-]+)?\\." + BYTE + "\\." + BYTE);
    private static final Pattern IPV4 = Pattern.compile(String.join("\\.", BYTE, BYTE, BYTE, BYTE));

    private UniversalAddress() {}

    /**
     * The text for an address. A scope is left out: it means nothing on another host.
     *
     * @throws IllegalArgumentException when the address is not resolved
     */
    public static String format(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException(address + " is not resolved");
        }
        String text = host.getHostAddress();
        int scope = host instanceof Inet6Address ? text.indexOf('%') : -1;
        return "%s.%d.%d"
                .formatted(
                        scope < 0 ? text : text.substring(0, scope),
                        address.getPort() >> 8,
                        address.getPort() & 0xff);
    }

    /**
     * The address that a text stands for. Nothing is ever looked up, and a scope is ignored.
     *
     * @throws IllegalArgumentException when it is none; the message holds the text
     */
    public static InetSocketAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "universal address of %d characters (limit %d)"
                            .formatted(text.length(), LENGTH_MAX));
        }
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        int high = Integer.parseInt(matcher.group(2));
        int low = Integer.parseInt(matcher.group(3));
        String host = matcher.group(1);
        if (high > 255 || low > 255 || !(isIpv4(host) || host.indexOf(':') >= 0)) {
            throw invalid(text);
        }
        try {
            // A text with a colon, or four numbers, is never taken for a name to be looked up.
            return new InetSocketAddress(InetAddress.getByName(host), high << 8 | low);
        } catch (UnknownHostException e) {
            throw invalid(text);
        }
    }

    private static boolean isIpv4(String host) {
        Matcher matcher = IPV4.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 1; i <= 4; i++) {
            if (Integer.parseInt(matcher.group(i)) > 255) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no universal address");
    }
}
