package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * A monitored host has restarted, or is going down.
 *
 * @param address the monitored host: the source address of the notice, which is what it was
 *     believed for
 * @param name how the notice names it: a label that nobody has verified. Several hosts behind one
 *     address differ by nothing else
 * @param newState its state number from now on; what it took with this number it took after the
 *     restart. Odd is up, even is down
 */
public record RebootNotice(InetAddress address, HostName name, int newState) {
    /** Checks that nothing is missing. */
    public RebootNotice {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(name, "name");
    }
}
