package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of TEST, and of GRANTED in the other direction ({@code nlm4_testargs}).
 *
 * @param cookie echoed in the reply
 * @param exclusive exclusive or shared
 * @param lock the lock in question
 */
public record TestArgs(Opaque cookie, boolean exclusive, WireLock lock) {
    /** Refuses nulls. */
    public TestArgs {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(lock, "lock");
    }
}
