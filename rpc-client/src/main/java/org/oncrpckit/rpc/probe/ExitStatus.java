package org.oncrpckit.rpc.probe;

/** What {@code rpcprobe} exits with; 68 to 70 are those of sysexits.h. */
final class ExitStatus {
    /** Everything that was asked was answered. */
    static final int OK = 0;

    /**
     * A server answered that it has not what was asked for, or only a part was answered: not every
     * ping, not every network of a broadcast could be asked.
     */
    static final int NEGATIVE = 1;

    /** Wrong usage. */
    static final int USAGE = 2;

    /** The host name has no address of the wanted family. */
    static final int NO_HOST = 68;

    /** Nobody answered. */
    static final int NO_ANSWER = 69;

    /** A defect of the command itself. */
    static final int DEFECT = 70;

    private ExitStatus() {}
}
