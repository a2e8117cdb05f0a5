package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Stable storage of the status monitor. Every method may block on a disk. One thread at a time uses
 * it; the one that opened it first, then the monitor's store thread.
 */
public interface NsmStore extends AutoCloseable {
    /** The lists of hosts. */
    enum Section {
        /** Monitored since the last start ("sm"). */
        MONITORED,
        /** To be notified of the last start ("sm.bak"). */
        TO_NOTIFY,
        /**
         * Monitored since before the last start, for services outside this process, which have
         * outlived the monitor; their hosts need not be told before the whole host restarts
         * ("sm.kept").
         */
        KEPT
    }

    /**
     * Takes the next state number: odd, and never taken before from this store. It is on stable
     * storage when the method returns.
     */
    int nextState() throws IOException;

    /**
     * Moves every monitored host to those to notify, where some may be left of an earlier start,
     * and returns all of the latter. What services outside this process asked for is kept besides,
     * unless the whole host has restarted, and those services with it. Durable when the method
     * returns.
     */
    List<HostRecord> retire() throws IOException;

    /**
     * Whether the whole host has restarted since the start before this one, as far as {@link
     * #retire} could tell; by default it says no.
     */
    default boolean wasBoot() {
        return false;
    }

    /** What {@link #retire} has kept; to be called after it. */
    List<HostRecord> kept() throws IOException;

    /**
     * Writes a record in place of the one that the host had, all or nothing; durable after the next
     * {@link #sync}.
     */
    void save(Section section, HostRecord record) throws IOException;

    /** Removes the record of a host, if there is one; durable after the next {@link #sync}. */
    void remove(Section section, InetAddress address) throws IOException;

    /**
     * Makes everything before it durable, or fails and has changed nothing but what was removed.
     */
    void sync() throws IOException;

    /**
     * Brings a bounded part of what {@link #sync} made durable to where other programs look for it,
     * and returns whether more is left. Never fails: what cannot be done now is done by {@link
     * #settle}. By default there is nothing to do.
     */
    default boolean publish() {
        return false;
    }

    /** Whether {@link #settle} has nothing to do; the default. */
    default boolean isSettled() {
        return true;
    }

    /** Does a bounded part of the work that {@link #sync} has put off. */
    default void settle() throws IOException {}

    /** Gives the storage free for the next monitor. Idempotent. */
    @Override
    void close() throws IOException;
}
