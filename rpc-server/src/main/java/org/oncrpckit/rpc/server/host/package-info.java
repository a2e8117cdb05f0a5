/**
 * A server's place on its host, for programs that are daemons: the addresses and the one port
 * number that it serves, its registration with rpcbind, and a start that either succeeds or says in
 * one line why not.
 *
 * <p>Never lives here: dispatch of calls, and anything about a particular program.
 */
package org.oncrpckit.rpc.server.host;
