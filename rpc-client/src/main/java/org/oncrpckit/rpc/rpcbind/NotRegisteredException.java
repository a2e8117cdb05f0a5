package org.oncrpckit.rpc.rpcbind;

import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;

/** The host's rpcbind says that it does not serve a program; the call was not sent. */
public final class NotRegisteredException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    NotRegisteredException(InetAddress host, ProgramVersion programVersion, Transport transport) {
        super(
                "%s is not registered for %s on %s"
                        .formatted(programVersion, transport, host.getHostAddress()));
    }
}
