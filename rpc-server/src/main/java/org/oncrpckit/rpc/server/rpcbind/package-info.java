/**
 * An rpcbind of our own (program 100000, versions 2, 3 and 4, RFC 1833), for hosts that have none:
 * programs of this host register, everybody may ask.
 *
 * <p>Never lives here: calls made on behalf of others (CALLIT, BCAST, INDIRECT), and the client of
 * the protocol, which is in rpc-client.
 */
package org.oncrpckit.rpc.server.rpcbind;
