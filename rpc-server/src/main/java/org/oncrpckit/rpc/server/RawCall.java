package org.oncrpckit.rpc.server;

import java.nio.ByteBuffer;

/** A call whose arguments the server has not looked at. Thread-safe, but for the arguments. */
public interface RawCall extends AsyncCall<RawReply> {
    /** The encoded arguments: heap memory that belongs to the handler. */
    ByteBuffer arguments();

    /**
     * Ends the call; the reply has been encoded and handed to the endpoint when this returns, or
     * waits for the peer to read what came before it. An answer to a {@link Repetition#ONE_WAY}
     * procedure goes nowhere, and its call ends when the handler returns.
     *
     * @return false when the call had ended already: answered before, or its time was over
     */
    @Override
    boolean answer(RawReply reply);
}
