package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * The reply to TEST ({@code nlm4_testres}).
 *
 * @param cookie of the call
 * @param outcome what was found
 */
public record TestReply(Opaque cookie, TestOutcome outcome) {
    /** Refuses nulls. */
    public TestReply {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(outcome, "outcome");
    }
}
