/**
 * The command {@code rpcprobe}: what a host serves, whether it answers, how fast, in which
 * versions.
 *
 * <p>Never lives here: anything that a library user would want to call. The probe only uses what
 * {@code rpc.client} and {@code rpc.rpcbind} offer to everybody.
 */
package org.oncrpckit.rpc.probe;
