package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.rpc.transport.Transport;

/**
 * The other half of the program. A host has one program 100021, and it serves remote lock clients
 * as well as the lock clients on this host, to whom remote servers send their grants and the
 * results of one-way calls. What is meant for the latter comes here.
 *
 * <p>Called on I/O threads: it must be thread-safe and must not block. Whoever is on the network
 * can call these procedures with any content: an implementation believes only what fits to a
 * request of its own to just this server.
 */
public interface ClientRole {
    /** No lock clients on this host: every grant is denied. */
    ClientRole NONE = (sender, grant) -> CompletableFuture.completedFuture(NlmStatus.DENIED);

    /**
     * Where a call came from.
     *
     * @param server its source address: the server's, if it is true
     * @param local the address of this host that was called
     * @param transport what it came over
     * @param version of the protocol
     */
    record Sender(InetAddress server, InetAddress local, Transport transport, NlmVersion version) {
        /** Refuses nulls. */
        public Sender {
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(local, "local");
            Objects.requireNonNull(transport, "transport");
            Objects.requireNonNull(version, "version");
        }
    }

    /**
     * A server says that a lock is granted (GRANTED or GRANTED_MSG). It is told what the stage
     * brings; a stage that fails counts as {@link NlmStatus#DENIED}.
     *
     * @param sender the server
     * @param grant the lock, as its LOCK described it; the cookie is the server's
     * @return GRANTED when somebody takes the lock, or has it already; DENIED when nobody waits for
     *     it; DENIED_GRACE_PERIOD for "ask again later"
     */
    CompletionStage<NlmStatus> granted(Sender sender, TestArgs grant);

    /** TEST_RES: the answer to a TEST_MSG. */
    default void testAnswered(Sender sender, TestReply reply) {}

    /** LOCK_RES: the answer to a LOCK_MSG. */
    default void lockAnswered(Sender sender, StatusReply reply) {}

    /** CANCEL_RES: the answer to a CANCEL_MSG. */
    default void cancelAnswered(Sender sender, StatusReply reply) {}

    /** UNLOCK_RES: the answer to an UNLOCK_MSG. */
    default void unlockAnswered(Sender sender, StatusReply reply) {}
}
