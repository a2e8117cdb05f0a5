package org.oncrpckit.rpc.server;

import org.oncrpckit.rpc.Procedure;

/**
 * A program as a table: number, versions, procedures with codecs and handlers. Immutable. A
 * procedure 0 that answers nothing is added to every version that has none.
 */
public final class RpcProgram {
    private RpcProgram() {}

    /**
     * Starts a table.
     *
     * @param number program number, as unsigned bits
     * @param name for people
     */
    public static Builder builder(int number, String name) {
        throw new UnsupportedOperationException(number + name);
    }

    /** Collects the procedures of a program. */
    public static final class Builder {
        private Builder() {}

        /** A procedure whose reply is kept for duplicates of the call. */
        public <A, R> Builder procedure(Procedure<A, R> procedure, RpcHandler<A, R> handler) {
            throw new UnsupportedOperationException(procedure + " " + handler);
        }

        /** A procedure that may be executed again for a duplicate: NULL, queries. */
        public <A, R> Builder idempotent(Procedure<A, R> procedure, RpcHandler<A, R> handler) {
            throw new UnsupportedOperationException(procedure + " " + handler);
        }

        /** A procedure that answers later; its reply is kept for duplicates. */
        public <A, R> Builder asynchronous(
                Procedure<A, R> procedure, AsyncRpcHandler<A, R> handler) {
            throw new UnsupportedOperationException(procedure + " " + handler);
        }

        /** A procedure that gets no RPC reply at all. */
        public <A> Builder oneWay(Procedure<A, ?> procedure, RpcHandler<A, ?> handler) {
            throw new UnsupportedOperationException(procedure + " " + handler);
        }

        /** Where the handlers run; default: inline on the I/O thread. */
        public Builder placement(HandlerPlacement placement) {
            throw new UnsupportedOperationException(placement.toString());
        }

        /** The table. */
        public RpcProgram build() {
            return new RpcProgram();
        }
    }
}
