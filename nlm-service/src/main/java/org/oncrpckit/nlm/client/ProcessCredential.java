package org.oncrpckit.nlm.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.xdr.Opaque;

/** AUTH_SYS for the user of this process. */
final class ProcessCredential {
    private static final Path SELF = Path.of("/proc/self");

    /** Who may do least, where the system does not say who we are. */
    private static final int NOBODY = 65_534;

    private ProcessCredential() {}

    static OpaqueAuth of(HostName name) {
        byte[] machine = name.bytes().toByteArray();
        Opaque shown =
                machine.length > AuthSys.MACHINE_NAME_BYTES_MAX
                        ? Opaque.EMPTY
                        : Opaque.copyOf(machine);
        return new AuthSys(0, shown, number("unix:uid"), number("unix:gid"), List.of())
                .toOpaqueAuth();
    }

    private static int number(String attribute) {
        try {
            return (int) Files.getAttribute(SELF, attribute);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return NOBODY;
        }
    }
}
