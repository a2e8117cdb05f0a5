package org.oncrpckit.nlm.daemon;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.oncrpckit.rpc.transport.Network;

/** Turns the {@code --listen} option into the addresses to bind. */
final class ListenAddresses {
    private static final Comparator<InetAddress> IPV4_FIRST =
            Comparator.comparing(address -> address.getAddress().length);

    private ListenAddresses() {}

    /**
     * Resolves literals and names, and expands a wildcard into every address of its family: a
     * socket on a wildcard answers from an address of the kernel's choice, which clients drop when
     * it is not the one they asked.
     *
     * @param words addresses or names; empty means this host's loopback addresses
     */
    static List<InetAddress> resolve(List<String> words, Network network) throws StartupException {
        List<InetAddress> local = localAddresses(network);
        if (words.isEmpty()) {
            return local.stream().filter(InetAddress::isLoopbackAddress).toList();
        }
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String word : words) {
            for (InetAddress address : lookUp(word)) {
                if (address.isAnyLocalAddress()) {
                    local.stream().filter(a -> covers(address, a)).forEach(addresses::add);
                } else {
                    addresses.add(address);
                }
            }
        }
        return new ArrayList<>(addresses);
    }

    /** '::' stands for both families, as it does for a dual-stack socket; 0.0.0.0 for IPv4. */
    private static boolean covers(InetAddress wildcard, InetAddress address) {
        return wildcard.getAddress().length >= address.getAddress().length;
    }

    private static List<InetAddress> lookUp(String word) throws StartupException {
        try {
            return List.of(InetAddress.getAllByName(word.strip()));
        } catch (UnknownHostException e) {
            throw new StartupException(
                    "--listen "
                            + word
                            + ": no such address or host name; give addresses of this host,"
                            + " separated by commas, or 0.0.0.0 or :: for all",
                    e);
        }
    }

    private static List<InetAddress> localAddresses(Network network) throws StartupException {
        try {
            return network.localAddresses().stream().sorted(IPV4_FIRST).toList();
        } catch (IOException e) {
            throw new StartupException("cannot list this host's addresses: " + e.getMessage(), e);
        }
    }

    /** The shortest text; a scope where the address means nothing without it. */
    static String format(InetAddress address) {
        String scoped = address.getHostAddress();
        int scope = scoped.indexOf('%');
        return InetAddresses.toAddrString(address).replaceFirst("%.*", "")
                + (address.isLinkLocalAddress() && scope >= 0 ? scoped.substring(scope) : "");
    }

    /** For the ready line. */
    static String format(List<InetAddress> addresses) {
        return addresses.stream().map(ListenAddresses::format).collect(Collectors.joining(","));
    }
}
