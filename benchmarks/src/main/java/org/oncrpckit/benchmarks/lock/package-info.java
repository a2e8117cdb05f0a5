/** What the lock core costs, beside peers. Started by {@code benchmarks/run lock-core}. */
@NullMarked
package org.oncrpckit.benchmarks.lock;

import org.jspecify.annotations.NullMarked;
