/** JMH benchmarks of the lock core, and what its locks weigh. {@code LockCoreArea} runs them. */
@NullMarked
package org.oncrpckit.benchmarks.lock;

import org.jspecify.annotations.NullMarked;
