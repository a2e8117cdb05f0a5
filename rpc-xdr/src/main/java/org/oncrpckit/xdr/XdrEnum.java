package org.oncrpckit.xdr;

/**
 * An enum whose constants have numbers of their own on the wire (RFC 4506 section 4.3), independent
 * of the order in which Java declares them.
 */
public interface XdrEnum {
    /** The number that stands for this constant on the wire. */
    int number();
}
