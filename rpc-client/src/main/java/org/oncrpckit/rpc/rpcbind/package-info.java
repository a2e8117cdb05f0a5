/**
 * The rpcbind protocol, versions 2, 3 and 4 (RFC 1833): asking hosts for ports, registering
 * services on this one.
 *
 * <p>Never lives here: a server of the protocol, which belongs to rpc-server.
 */
package org.oncrpckit.rpc.rpcbind;
