package org.oncrpckit.rpc.server.oncrpc4j;

import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.oncrpckit.rpc.server.CallContext;

/**
 * The transport that a hosted service gets from {@link
 * org.dcache.oncrpc4j.rpc.RpcCall#getTransport}. It belongs to one call, and what is sent on it is
 * the reply to that call. There are no calls to the client ({@link #getPeerTransport}, {@link
 * #getReplyQueue}) and no TLS: these methods throw {@link UnsupportedOperationException}.
 *
 * <p>Over a UNIX-domain socket, which has no Internet addresses, both addresses are loopback with
 * port 0; {@link #context} knows the truth.
 */
public interface HostedTransport extends RpcTransport {
    /** The call as services of this kit see it: peer, endpoint, credential. */
    CallContext context();
}
