/**
 * Scenarios with real Linux kernels as clients of {@code bin/nlmd}, and the rules that hold the
 * structure of the code.
 *
 * <p>Lives here: what drives the guests, the server side and the captures. Never lives here: a
 * stand-in for any of them.
 */
package org.oncrpckit.e2e;
