/**
 * What tests of several packages share that has nothing to do with messages: seeds, what this
 * process holds, what the host has and allows.
 *
 * <p>Never lives here: a test; anything that main code uses.
 */
package org.oncrpckit.rpc.testing;
