/** What the tests of this module share: golden bytes, hostile buffers, seeds, measured memory. */
package org.oncrpckit.testing;
