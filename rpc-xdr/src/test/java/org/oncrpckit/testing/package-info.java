/**
 * What the tests of this module share: golden bytes, hostile buffers, seeds, measured memory.
 *
 * <p>Never lives here: a test; anything that main code uses.
 */
package org.oncrpckit.testing;
