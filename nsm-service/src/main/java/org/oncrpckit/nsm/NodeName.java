package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.oncrpckit.nsm.protocol.HostName;

/** How this host calls itself towards others: its node name, whether that resolves or not. */
public final class NodeName {
    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    /** The node name, "localhost" where there is none. */
    public static HostName get() {
        try {
            return HostName.of(Files.readString(LINUX).strip());
        } catch (IOException notLinux) {
            try {
                return HostName.of(InetAddress.getLocalHost().getHostName());
            } catch (UnknownHostException e) {
                return HostName.of("localhost");
            }
        }
    }
}
