/**
 * The calling side: many threads and many remote hosts over few endpoints, with retransmission,
 * round-trip estimates and a window per host.
 *
 * <p>Never lives here: sockets (they are transport's) and the dispatch of incoming calls.
 */
package org.oncrpckit.rpc.client;
