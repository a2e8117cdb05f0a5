/**
 * JMH benchmarks of the lock core, and what its locks weigh. {@code LockCoreArea} runs them.
 *
 * <p>Never lives here: RPC or sockets; a comparison or a target.
 */
@NullMarked
package org.oncrpckit.benchmarks.lock;

import org.jspecify.annotations.NullMarked;
