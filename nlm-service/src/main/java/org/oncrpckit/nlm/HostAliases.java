package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which addresses are one client host's, because the configuration says so. Nothing on the wire is
 * believed about that: a host that comes by several addresses is several hosts unless it is named
 * here. Immutable.
 */
public final class HostAliases {
    /** Every address is a host. */
    public static final HostAliases NONE = of(List.of());

    private final Map<HostAddress, List<HostAddress>> sets;

    private HostAliases(Map<HostAddress, List<HostAddress>> sets) {
        this.sets = Map.copyOf(sets);
    }

    /**
     * One host with several addresses.
     *
     * @param name what people call it, for messages
     * @param addresses two or more, each once; the first is the one that listings show
     */
    public record Host(String name, List<InetAddress> addresses) {
        /** Addresses of one host at the most. */
        public static final int ADDRESSES_MAX = 64;

        /**
         * Checks the addresses.
         *
         * @throws IllegalArgumentException when they cannot be one host's; the message says why
         */
        public Host {
            addresses = List.copyOf(addresses);
            if (name.isBlank()) {
                throw new IllegalArgumentException("a host without a name");
            }
            if (addresses.size() < 2 || addresses.size() > ADDRESSES_MAX) {
                throw new IllegalArgumentException(
                        name
                                + ": "
                                + addresses.size()
                                + " addresses (expected: 2 to "
                                + ADDRESSES_MAX
                                + ")");
            }
            Set<HostAddress> seen = new LinkedHashSet<>();
            for (InetAddress each : addresses) {
                if (each.isAnyLocalAddress() || each.isMulticastAddress()) {
                    throw new IllegalArgumentException(
                            name + ": " + each.getHostAddress() + " is not the address of a host");
                }
                if (!seen.add(HostAddress.of(each))) {
                    throw new IllegalArgumentException(
                            name + ": " + each.getHostAddress() + " is there twice");
                }
            }
        }
    }

    /**
     * These hosts.
     *
     * @throws IllegalArgumentException when an address is given to two of them
     */
    public static HostAliases of(Collection<Host> hosts) {
        Map<HostAddress, List<HostAddress>> sets = new HashMap<>();
        Map<HostAddress, String> names = new HashMap<>();
        for (Host host : hosts) {
            List<HostAddress> set = host.addresses().stream().map(HostAddress::of).toList();
            for (HostAddress each : set) {
                String other = names.putIfAbsent(each, host.name());
                if (other != null) {
                    throw new IllegalArgumentException(
                            each.address().getHostAddress()
                                    + " belongs to "
                                    + other
                                    + " and to "
                                    + host.name()
                                    + "; an address is one host's");
                }
                sets.put(each, set);
            }
        }
        return new HostAliases(sets);
    }

    /** The address under which the host with this one is known. */
    HostAddress identity(HostAddress address) {
        List<HostAddress> set = sets.get(Objects.requireNonNull(address, "address"));
        return set == null ? address : set.get(0);
    }

    /** All addresses of the host with this one; first the one under which it is known. */
    List<HostAddress> all(HostAddress address) {
        return sets.getOrDefault(Objects.requireNonNull(address, "address"), List.of(address));
    }
}
