package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that the store keeps of one host.
 *
 * @param address where it is: its identity
 * @param contacts how it knows this host, 1 to {@link #CONTACTS_MAX}
 */
public record HostRecord(InetAddress address, List<Contact> contacts) {
    /** Most ways in which one host may know this host. */
    public static final int CONTACTS_MAX = 64;

    /** Checks the bounds. */
    public HostRecord {
        Objects.requireNonNull(address, "address");
        contacts = List.copyOf(contacts);
        if (contacts.isEmpty() || contacts.size() > CONTACTS_MAX) {
            throw new IllegalArgumentException(
                    contacts.size()
                            + " contacts of "
                            + address.getHostAddress()
                            + " (expected: 1 to "
                            + CONTACTS_MAX
                            + ")");
        }
    }

    HostKey key() {
        return HostKey.of(address);
    }

    /** What is left of it for services outside this process; empty when there is none. */
    Optional<HostRecord> ofCallBacks() {
        List<Contact> left = contacts.stream().filter(c -> c.callBack().isPresent()).toList();
        return left.isEmpty() ? Optional.empty() : Optional.of(new HostRecord(address, left));
    }

    /** This host with everything that an older record knows of it besides. */
    HostRecord mergedWith(HostRecord older) {
        List<Contact> all = new ArrayList<>(contacts);
        for (Contact each : older.contacts) {
            if (all.size() < CONTACTS_MAX
                    && all.stream().noneMatch(now -> now.sameWay(each) || now.supersedes(each))) {
                all.add(each);
            }
        }
        return new HostRecord(address, all);
    }
}
