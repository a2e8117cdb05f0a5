package org.oncrpckit.nsm.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads addresses written as literals, and never asks a name service. */
public final class AddressLiteral {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    /** Only what a literal is made of: InetAddress asks DNS for anything else. */
    private static final Pattern IPV6 =
            Pattern.compile("[0-9a-fA-F:][0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[0-9A-Za-z._-]+)?");

    private static final int LENGTH_MAX = 64;

    private AddressLiteral() {}

    /**
     * The address that a text is the literal of; an IPv4-mapped IPv6 literal yields the IPv4
     * address. Empty for anything else, and for a scope that names no interface of this host.
     */
    public static Optional<InetAddress> parse(String text) {
        if (text.length() > LENGTH_MAX
                || !(IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
