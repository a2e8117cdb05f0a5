/** Samples, comparisons, targets and figures: pure values. Nothing here starts a process. */
@NullMarked
package org.oncrpckit.benchmarks.result;

import org.jspecify.annotations.NullMarked;
