/**
 * The daemon {@code nlmd}: options, ports, registration with rpcbind, start and stop.
 *
 * <p>Never lives here: anything that decides about a lock.
 */
package org.oncrpckit.nlm.daemon;
