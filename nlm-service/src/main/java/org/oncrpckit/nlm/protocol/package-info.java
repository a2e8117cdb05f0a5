/**
 * The network lock manager protocol as it travels (X/Open XNFS, program 100021): arguments,
 * replies, codecs, procedure descriptions, and the arithmetic of its ranges.
 *
 * <p>Never lives here: what a lock manager does with them.
 */
package org.oncrpckit.nlm.protocol;
