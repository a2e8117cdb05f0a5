package org.oncrpckit.nsm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The wildcard address of a family: "whichever local address". */
final class Wildcard {
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;

    private Wildcard() {}

    /** The wildcard of the family of this address. */
    static InetAddress of(InetAddress address) {
        try {
            return InetAddress.getByAddress(
                    new byte[address instanceof Inet6Address ? IPV6_LENGTH : IPV4_LENGTH]);
        } catch (UnknownHostException e) {
            throw new AssertionError("four and sixteen bytes are addresses", e);
        }
    }
}
