/**
 * External Data Representation (RFC 4506): bytes to values and back.
 *
 * <p>Lives here: streams, codecs and their combinators. Never lives here: sockets, threads, clocks,
 * and anything that knows what a remote procedure call is.
 */
package org.oncrpckit.xdr;
