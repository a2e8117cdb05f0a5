package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * A host that was monitored when this host went down, and has to be told so.
 *
 * @param address where it is
 * @param name what it called itself; a label
 * @param stage how far the notice has come
 */
public record FormerHost(InetAddress address, HostName name, Stage stage) {
    /** How far the notice to a host has come. */
    public enum Stage {
        /** Not answered yet; tried again and again. */
        PENDING,
        /** The host has answered. */
        NOTIFIED,
        /** It did not answer in time; it is tried again after the next restart. */
        GIVEN_UP
    }

    /** Checks that nothing is missing. */
    public FormerHost {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(stage, "stage");
    }
}
