/**
 * How the counts of servers and clients reach a metrics system of the user's choice.
 *
 * <p>Never lives here: what is counted, and any metrics system.
 */
package org.oncrpckit.rpc.metrics;
