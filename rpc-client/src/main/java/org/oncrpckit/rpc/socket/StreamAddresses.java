package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Transport;

/** Both ends of a connection, and who is at the other. */
record StreamAddresses(
        Transport transport,
        SocketAddress local,
        SocketAddress peer,
        Optional<PeerCredential> credential) {

    /** Those of a connected channel. */
    static StreamAddresses of(SocketChannel channel) throws IOException {
        SocketAddress local = channel.getLocalAddress();
        SocketAddress peer = channel.getRemoteAddress();
        if (!(local instanceof UnixDomainSocketAddress)) {
            return new StreamAddresses(Transport.TCP, local, peer, Optional.empty());
        }
        return new StreamAddresses(Transport.UNIX, local, peer, credential(channel));
    }

    private static Optional<PeerCredential> credential(SocketChannel channel) throws IOException {
        if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
            return Optional.empty();
        }
        UnixDomainPrincipal who = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return Optional.of(new PeerCredential(who.user(), who.group()));
    }
}
