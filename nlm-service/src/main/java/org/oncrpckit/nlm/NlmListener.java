package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Duration;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.nlm.protocol.NlmStatus;

/**
 * Hears what a lock manager does. Called on I/O and timer threads with no lock held: it must be
 * thread-safe and must not block. What it throws is logged, nothing else.
 */
public interface NlmListener {
    /** Hears nothing. */
    NlmListener NONE = new NlmListener() {};

    /** Why a grace period ended. */
    enum GraceEnd {
        /** Its time was over. */
        TIME,
        /** Every host that may have had something to reclaim did so, and then was quiet. */
        ALL_RECLAIMED,
        /** Somebody ended it. */
        BY_HAND
    }

    /**
     * An operation of a client has been answered.
     *
     * @param procedure as in "LOCK"
     */
    default void answered(InetAddress client, String procedure, NlmStatus status) {}

    /** A host has asked for its first lock. */
    default void hostAppeared(InetAddress client) {}

    /** A host that had nothing for a while has been forgotten. */
    default void hostForgotten(InetAddress client) {}

    /**
     * A host has begun a new life.
     *
     * @param state its status monitor number, as unsigned bits
     * @param released what it had, and has no more
     */
    default void hostRestarted(InetAddress client, int state, LockCounts released) {}

    /** A host could not be remembered, and got no lock. */
    default void monitoringFailed(InetAddress client, Throwable cause) {}

    /** A host reclaimed a lock that the journal does not show as its own, and got DENIED. */
    default void reclaimRefused(InetAddress client) {}

    /**
     * GRANTED went to a client.
     *
     * @param copy 1 for the first, 2 for its first repetition
     */
    default void callBackSent(InetAddress client, int copy) {}

    /** GRANTED could not be sent; it will be tried again. */
    default void callBackFailed(InetAddress client, String cause) {}

    /** A client has answered a GRANTED. */
    default void callBackAnswered(InetAddress client, NlmStatus status) {}

    /** A client has a lock and may not believe it; see {@link ListedLock#unconfirmed}. */
    default void grantUnconfirmed(InetAddress client) {}

    /** A limit was reached, and a client got DENIED_NOLOCKS. */
    default void limitReached(InetAddress client, String limit, long max) {}

    /** Locks can only be reclaimed from now on. */
    default void graceBegan(Duration length, int hosts) {}

    /** New locks are given out. */
    default void graceEnded(GraceEnd reason) {}
}
