package org.oncrpckit.rpc.probe;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.regex.Pattern;

/** Addresses as people write them: {@code 192.0.2.7:111}, {@code [2001:db8::7]:111}, a path. */
final class AddressText {
    /** A run of zero groups, which is written as two colons (RFC 4291 section 2.2). */
    private static final Pattern ZEROES = Pattern.compile("(^|:)(0(:|$|(?=%))){2,}");

    private AddressText() {}

    static String of(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return address.toString();
        }
        String host = inet.getAddress().getHostAddress();
        return (inet.getAddress() instanceof Inet6Address
                        ? "[" + ZEROES.matcher(host).replaceFirst("::") + "]"
                        : host)
                + ":"
                + inet.getPort();
    }
}
