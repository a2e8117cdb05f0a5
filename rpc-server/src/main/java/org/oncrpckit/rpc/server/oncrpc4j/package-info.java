/**
 * Services written against oncrpc4j's interfaces (server stubs of oncrpcgen too), served by this
 * kit's server: with its limits, its duplicate request cache, and one reply for each call.
 *
 * <p>Never lives here: oncrpc4j's own transports, dispatcher, or anything of its client.
 */
package org.oncrpckit.rpc.server.oncrpc4j;
