/**
 * The network of this host, and real time: UDP and TCP on Grizzly, UNIX-domain sockets on the JDK.
 * Those who use it need {@link org.oncrpckit.rpc.socket.SocketPlatform}, and perhaps {@link
 * org.oncrpckit.rpc.socket.SocketLimits}.
 *
 * <p>Never lives here: anything that knows what is in a message beyond its type.
 */
package org.oncrpckit.rpc.socket;
