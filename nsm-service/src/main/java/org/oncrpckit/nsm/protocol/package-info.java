/**
 * The network status monitor protocol, program 100024 version 1 (XNFS chapter 11): its values,
 * their codecs and its procedures.
 *
 * <p>Never lives here: what a monitor does with them, and anything about locks.
 */
package org.oncrpckit.nsm.protocol;
