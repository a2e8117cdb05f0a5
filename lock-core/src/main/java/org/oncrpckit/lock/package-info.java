/**
 * The lock core: byte-range locks, the queue of requests that wait for them, deadlock refusal and
 * DOS share reservations.
 *
 * <p>{@link org.oncrpckit.lock.LockTable} is the one entry point; everything else here is a value
 * that goes in or comes out of it. The table is a deterministic state machine: the same operations
 * in the same order give the same results, the same effects and the same snapshot.
 *
 * <p>What never may live here: input or output, threads, clocks, logging, anything that knows a
 * network protocol, or randomness; but for the secret of the hash tables, on which nothing depends
 * that can be seen from outside.
 */
@NullMarked
package org.oncrpckit.lock;

import org.jspecify.annotations.NullMarked;
