package org.oncrpckit.xdr;

/**
 * The value of XDR's {@code void} (RFC 4506 section 4.16): no bytes, and still a value, so that
 * procedures without arguments or results need no null.
 */
public enum Nothing {
    /** The only one. */
    NOTHING
}
