/**
 * The serving side: programs as tables, dispatch, exactly one reply per call, and the duplicate
 * request cache.
 *
 * <p>Never lives here: sockets (they are transport's) and any particular program, rpcbind excepted.
 */
package org.oncrpckit.rpc.server;
