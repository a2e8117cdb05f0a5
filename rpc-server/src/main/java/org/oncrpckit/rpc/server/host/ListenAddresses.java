package org.oncrpckit.rpc.server.host;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which addresses of its host a server serves. A wildcard stands for every address of its family
 * that the host has at the time, each of which gets sockets of its own: a socket that is bound to
 * the wildcard answers from an address of the kernel's choice, and clients drop that when it is not
 * the one they asked. Immutable.
 */
public final class ListenAddresses {
    private static final Comparator<InetAddress> IPV4_FIRST =
            Comparator.comparing(address -> address.getAddress().length);

    /** Addresses and wildcards as they were given. */
    private final List<InetAddress> wanted;

    private final boolean andLoopback;

    private ListenAddresses(List<InetAddress> wanted, boolean andLoopback) {
        this.wanted = List.copyOf(wanted);
        this.andLoopback = andLoopback;
    }

    /** The same and the loopback addresses, wherever they are not among them. */
    public ListenAddresses andLoopback() {
        return new ListenAddresses(wanted, true);
    }

    /** The loopback addresses. */
    public static ListenAddresses loopback() {
        return new ListenAddresses(List.of(), true);
    }

    /**
     * These addresses; a wildcard among them stands for all of its family, :: for both families.
     */
    public static ListenAddresses of(Collection<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address to listen on");
        }
        return new ListenAddresses(List.copyOf(addresses), false);
    }

    /**
     * Reads what a user wrote. Names are looked up, once.
     *
     * @param words addresses or names; 0.0.0.0 is all of IPv4, :: or "all" is everything, none at
     *     all is loopback
     * @param option name of the option they were given with, for the message
     * @throws StartupException when one of them is neither
     */
    public static ListenAddresses parse(List<String> words, String option) throws StartupException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String word : words) {
            addresses.addAll(lookUp(word.strip(), option));
        }
        return new ListenAddresses(addresses, addresses.isEmpty());
    }

    private static List<InetAddress> lookUp(String word, String option) throws StartupException {
        try {
            // No word at all would be loopback to the JDK.
            if (!word.isEmpty()) {
                return List.of(InetAddress.getAllByName(word.equals("all") ? "::" : word));
            }
        } catch (UnknownHostException e) {
            throw unknown(word, option, e);
        }
        throw unknown(word, option, new UnknownHostException("empty"));
    }

    private static StartupException unknown(
            String word, String option, UnknownHostException cause) {
        return new StartupException(
                option
                        + " "
                        + word
                        + ": no such address or host name; give addresses of this host, separated"
                        + " by commas, or 0.0.0.0 or :: for all",
                cause);
    }

    /** Whether there is a wildcard among them, so that they change with the host's addresses. */
    public boolean follow() {
        return wanted.stream().anyMatch(InetAddress::isAnyLocalAddress);
    }

    /**
     * The addresses to bind.
     *
     * @param local the addresses that the host has now
     * @return in the order in which they were given, wildcards replaced by addresses of IPv4 first
     */
    public List<InetAddress> among(List<InetAddress> local) {
        List<InetAddress> sorted = local.stream().sorted(IPV4_FIRST).toList();
        // By text, which has the scope in it: equals() of addresses ignores that.
        Map<String, InetAddress> addresses = new LinkedHashMap<>();
        for (InetAddress each : wanted) {
            if (each.isAnyLocalAddress()) {
                sorted.stream()
                        .filter(address -> covers(each, address))
                        .forEach(address -> addresses.putIfAbsent(key(address), address));
            } else {
                addresses.putIfAbsent(key(each), each);
            }
        }
        if (andLoopback) {
            sorted.stream()
                    .filter(InetAddress::isLoopbackAddress)
                    .forEach(address -> addresses.putIfAbsent(key(address), address));
        }
        return List.copyOf(addresses.values());
    }

    /** '::' stands for both families, as it does for a dual-stack socket; 0.0.0.0 for IPv4. */
    private static boolean covers(InetAddress wildcard, InetAddress address) {
        return !(wildcard instanceof Inet4Address) || address instanceof Inet4Address;
    }

    static String key(InetAddress address) {
        return address.getHostAddress();
    }

    /** The shortest text for an address, with its scope where it means nothing without. */
    public static String format(InetAddress address) {
        Objects.requireNonNull(address, "address");
        String scoped = address.getHostAddress();
        int scope = scoped.indexOf('%');
        return InetAddresses.toAddrString(address).replaceFirst("%.*", "")
                + (address.isLinkLocalAddress() && scope >= 0 ? scoped.substring(scope) : "");
    }

    /** The same for several, separated by commas. */
    public static String format(Collection<InetAddress> addresses) {
        return addresses.stream().map(ListenAddresses::format).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return wanted.isEmpty() ? "loopback" : format(wanted);
    }
}
