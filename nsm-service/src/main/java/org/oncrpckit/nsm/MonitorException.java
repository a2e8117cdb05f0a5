package org.oncrpckit.nsm;

import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A host could not be remembered, or not be forgotten. The message says why. */
public final class MonitorException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    MonitorException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** One host more than can be monitored at once. */
    static MonitorException tooManyHosts(InetAddress address, int hostsMax) {
        return new MonitorException(
                "cannot monitor %s: %d hosts are monitored already (limit)"
                        .formatted(address.getHostAddress(), hostsMax),
                null);
    }
}
