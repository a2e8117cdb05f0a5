package org.oncrpckit.nlm;

import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.OpaqueAuth;

/**
 * Who calls, and how: as far as this makes the identity of an owner, and what calling back needs.
 *
 * @param client the host
 * @param route how it came here
 * @param credential who is asking there, so he says
 */
record Caller(HostAddress client, Route route, OpaqueAuth credential) {
    /** The version of the protocol that it speaks. */
    NlmVersion version() {
        return NlmVersion.of(route.version());
    }

    /** The same, for those who are asked as lock clients. */
    ClientRole.Sender sender() {
        return new ClientRole.Sender(
                client.address(), route.server(), route.transport(), version());
    }
}
