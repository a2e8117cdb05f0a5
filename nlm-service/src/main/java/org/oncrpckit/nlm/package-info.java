/**
 * The lock manager: what clients ask for is done on one lock table, in which local and remote
 * lockers queue together, and what they waited for is brought to them.
 *
 * <p>Threads and locks: every host, and all local lockers together, have a state of their own that
 * only a {@link org.oncrpckit.nlm.LockDesk} turn sees; effects are delivered, calls sent and
 * foreign code run between turns. Never lives here: sockets, disks, command lines.
 */
package org.oncrpckit.nlm;
