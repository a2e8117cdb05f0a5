/**
 * The daemon {@code nlmd} and its control program {@code nlmctl}: options, ports, registration with
 * rpcbind, start and stop.
 *
 * <p>Never lives here: anything that decides about a lock.
 */
package org.oncrpckit.nlm.daemon;
