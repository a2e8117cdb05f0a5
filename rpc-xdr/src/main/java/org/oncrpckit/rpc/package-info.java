/**
 * The RPC message model (RFC 5531): call and reply headers, authentication, record marks, and the
 * descriptions of programs that clients and servers share.
 *
 * <p>Never lives here: sockets, threads, clocks, and anything that sends or dispatches a message.
 */
package org.oncrpckit.rpc;
