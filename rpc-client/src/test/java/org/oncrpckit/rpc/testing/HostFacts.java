package org.oncrpckit.rpc.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** What the host that runs the tests has and allows. */
public final class HostFacts {
    private HostFacts() {}

    /** Whether it has the IPv6 loopback address, which containers often lack. */
    public static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(each -> each instanceof Inet6Address && each.isLoopbackAddress());
        } catch (SocketException e) {
            throw new AssertionError("interfaces cannot be listed", e);
        }
    }

    /** Whether this process may bind ports below 1024. */
    public static boolean allowsPrivilegedPorts() {
        for (int port = 1023; port >= 512; port--) {
            try (DatagramSocket bound =
                    new DatagramSocket(port, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                return bound.isBound();
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                    return false;
                }
            }
        }
        return false;
    }
}
