/**
 * Whether a reclaim is believed, and the journal of who held what that says so after a restart.
 *
 * <p>Never lives here: the lock table, the protocol, the grace period itself.
 */
package org.oncrpckit.nlm.reclaim;
