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
 * @param timesGivenUp after how many restarts the host has not answered a notice; 0 or more, and 0
 *     with a call-back, whose line in a file has no room for it
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
        if (callBack.isPresent() && (told || timesGivenUp > 0)) {
            throw new IllegalArgumentException("a call-back is neither told nor given up");
        }
    }

    /** The contact of a service inside this process. */
    static Contact of(MonitoredHost host) {
        return new Contact(
                host.name(), host.localAddress(), host.localName(), Optional.empty(), 0, false);
    }

    /**
     * What is left to tell after one more restart without an answer: the notice. A call-back is not
     * needed for that; should its service still want it, it is kept elsewhere.
     */
    Contact givenUp() {
        return new Contact(
                name, localAddress, localName, Optional.empty(), timesGivenUp + 1, false);
    }

    /**
     * Whether the host has used this contact since the older one was given up: it is alive, and
     * hears all that the older one would tell.
     */
    boolean supersedes(Contact older) {
        return older.timesGivenUp > 0 && localAddress.equals(older.localAddress);
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
