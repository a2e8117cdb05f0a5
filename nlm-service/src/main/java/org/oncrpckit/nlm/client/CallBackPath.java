package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.xdr.Opaque;

/**
 * How what servers send on their own reaches this client: grants, results of one-way calls, news of
 * restarts. Thread-safe; nothing here blocks, and no stage completes exceptionally unless it says
 * so.
 */
interface CallBackPath {
    /** Something that is waited for. */
    @FunctionalInterface
    interface Expectation {
        /** Of whatever needs no announcement. */
        Expectation NONE = () -> {};

        /** It is not waited for any longer. */
        void end();
    }

    /** Completes when it is known which way there is, and what the client is to call itself. */
    CompletionStage<Void> ready();

    /**
     * Whether the server may have been told otherwise than we were when a grant comes this way, so
     * that it must be asked. May change until {@link #ready}.
     */
    default boolean bringsHints() {
        return false;
    }

    /** Completes when grants of this lock would reach us, or it is known that they will not. */
    CompletionStage<Expectation> expectGrant(
            InetAddress server, WireLock description, boolean exclusive);

    /** Completes when the result of this one-way call would reach us. */
    CompletionStage<Expectation> expectResult(InetAddress server, Opaque cookie);

    /** Completes when restarts of this host would be noticed; fails when they will not be. */
    CompletionStage<Void> monitor(InetAddress server);

    /**
     * Ends it: nothing comes this way any more. At once, or in the background when rpcbind has to
     * be told.
     *
     * @return completes, never exceptionally, when that is over
     */
    CompletionStage<Void> close();
}
