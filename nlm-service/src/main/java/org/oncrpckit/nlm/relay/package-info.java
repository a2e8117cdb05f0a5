/**
 * What lets one program 100021 serve a whole host: the daemon takes the grants, results and restart
 * notices that other hosts send, and passes them to the processes of this host that wait for them,
 * over connections to its control socket. Never decides about a lock: the process does.
 */
@NullMarked
package org.oncrpckit.nlm.relay;

import org.jspecify.annotations.NullMarked;
