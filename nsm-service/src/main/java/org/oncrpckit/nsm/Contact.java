package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * One of the ways in which a host knows this host, as the store keeps it.
 *
 * @param name what the host calls itself, or what SM_MON called it
 * @param localAddress the service address that the host uses; the wildcard when not known
 * @param localName what the host calls this host
 * @param callBack the service outside this process that wants to know; empty for one inside
 * @param timesGivenUp after how many restarts the host has not answered a notice; 0 or more
 * @param told whether the host has answered the notice of a restart, and has not come back since;
 *     of a service inside this process only
 */
public record Contact(
        HostName name,
        InetAddress localAddress,
        HostName localName,
        Optional<CallBack> callBack,
        int timesGivenUp,
        boolean told) {
    /** Checks that nothing is missing. */
    public Contact {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(localAddress, "localAddress");
        Objects.requireNonNull(localName, "localName");
        Objects.requireNonNull(callBack, "callBack");
        if (timesGivenUp < 0) {
            throw new IllegalArgumentException("given up " + timesGivenUp + " times");
        }
        if (told && callBack.isPresent()) {
            throw new IllegalArgumentException("told for a service that has outlived the monitor");
        }
    }

    /** The contact of a service inside this process. */
    static Contact of(MonitoredHost host) {
        return new Contact(
                host.name(), host.localAddress(), host.localName(), Optional.empty(), 0, false);
    }

    /** The same after one more restart without an answer. */
    Contact givenUp() {
        return new Contact(name, localAddress, localName, callBack, timesGivenUp + 1, false);
    }

    /** The same once the host has answered; of a service inside this process only. */
    Contact answered() {
        return new Contact(name, localAddress, localName, callBack, 0, true);
    }

    /** Whether both are the same way of knowing: a service's address, or a call-back. */
    boolean sameWay(Contact other) {
        if (callBack.isPresent() != other.callBack.isPresent()) {
            return false;
        }
        if (callBack.isEmpty()) {
            return localAddress.equals(other.localAddress);
        }
        return sameProcedure(callBack.get(), other.callBack.get()) && name.equals(other.name);
    }

    static boolean sameProcedure(CallBack one, CallBack other) {
        return one.program() == other.program()
                && one.version() == other.version()
                && one.procedure() == other.procedure();
    }
}
