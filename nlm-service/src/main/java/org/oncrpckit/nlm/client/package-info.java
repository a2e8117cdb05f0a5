/**
 * A client of other hosts' lock managers: locks, waits, gives back, and takes its locks again after
 * a server has restarted. Never decides about a lock itself, and knows nothing of the service's
 * table. Start at {@link org.oncrpckit.nlm.client.NlmClient}.
 */
@NullMarked
package org.oncrpckit.nlm.client;

import org.jspecify.annotations.NullMarked;
