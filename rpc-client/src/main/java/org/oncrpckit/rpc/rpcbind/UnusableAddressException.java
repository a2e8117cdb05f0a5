package org.oncrpckit.rpc.rpcbind;

import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;

/** An rpcbind answered with something that is no address with a port. */
final class UnusableAddressException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    UnusableAddressException(InetAddress host, String answer) {
        super(
                "rpcbind of %s answered with the address \"%s\""
                        .formatted(host.getHostAddress(), answer));
    }
}
