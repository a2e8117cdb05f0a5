/**
 * Samples, comparisons, targets and figures: pure values.
 *
 * <p>Never lives here: what starts a process or reads a clock.
 */
@NullMarked
package org.oncrpckit.benchmarks.result;

import org.jspecify.annotations.NullMarked;
