package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.transport.Endpoint;

/** What a handler may know of a call besides its arguments. Valid after the call has ended too. */
public interface CallContext {
    /** The header: xid, program, version, procedure, credential as it travelled. */
    CallHeader header();

    /** Who called: the transport source address. */
    SocketAddress peer();

    /** Where the call arrived; its local address is the one that the caller asked. */
    Endpoint endpoint();

    /** Who the caller is, as the flavour's {@link Authenticator} understood it. */
    Credential credential();

    /**
     * Runs an action once the reply has been handed to the endpoint (what the action sends there
     * leaves after the reply, unless the peer of a connection lets too much wait), or once it is
     * certain that none will be. On the thread that sends the reply: it must not block. After the
     * end of the call it runs at once.
     */
    void afterReply(Runnable action);

    /**
     * Runs an action each time that a duplicate of this call comes after its end, when the reply
     * has been sent once more: for handlers that answer by other means as well. Only where
     * duplicates are recognized, and for as long as they are. On an I/O thread: it must not block,
     * and what it holds is kept as long as the reply.
     */
    void whenRepeated(Runnable action);
}
