/**
 * Endpoints: bound UDP sockets and TCP or UNIX-domain connections that carry whole RPC messages,
 * calls and replies, in both directions; and the time and randomness that come with them.
 *
 * <p>Never lives here: anything that knows which reply belongs to which call, or which program
 * serves a call.
 */
package org.oncrpckit.rpc.transport;
