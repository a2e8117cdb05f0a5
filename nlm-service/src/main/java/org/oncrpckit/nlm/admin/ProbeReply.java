package org.oncrpckit.nlm.admin;

import java.util.List;
import org.oncrpckit.xdr.XdrEnum;

/**
 * Whether a client can be called back.
 *
 * @param reachable whether its lock manager answers over one transport at least
 * @param verdict for people: what it means, and what to do
 * @param steps what was tried, in order
 */
public record ProbeReply(boolean reachable, String verdict, List<Step> steps) {
    /** Takes a copy of the list. */
    public ProbeReply {
        steps = List.copyOf(steps);
    }

    /** Whom a step asked. */
    public enum Target implements XdrEnum {
        /** The client's rpcbind, whether it is there. */
        RPCBIND(1),
        /** The client's rpcbind, for the port of its lock manager. */
        LOOKUP(2),
        /** The client's lock manager. */
        NLM(3);

        private final int number;

        Target(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** What came back. */
    public enum Outcome implements XdrEnum {
        /** An answer. */
        ANSWERED(1),
        /** Nothing: dropped on the way, or the host is down. */
        SILENCE(2),
        /** The host says that nobody listens there, or the network that there is no way. */
        UNREACHABLE(3),
        /** An answer that says no: no such program or version. */
        REFUSED(4);

        private final int number;

        Outcome(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /**
     * One thing that was tried.
     *
     * @param transport "udp" or "tcp"
     * @param target whom
     * @param version of the lock manager that was asked for or called; 0 for rpcbind itself
     * @param address where, with port
     * @param outcome what came back
     * @param millis how long it took
     * @param detail the port that was found, or what went wrong
     */
    public record Step(
            String transport,
            Target target,
            int version,
            String address,
            Outcome outcome,
            long millis,
            String detail) {
        /** Whether it was answered as it should be. */
        public boolean ok() {
            return outcome == Outcome.ANSWERED;
        }
    }
}
