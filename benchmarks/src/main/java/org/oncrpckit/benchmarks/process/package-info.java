/**
 * Child processes: how the measured programs and the load generators are built, run and ended.
 *
 * <p>Never lives here: what is done with their figures.
 */
@NullMarked
package org.oncrpckit.benchmarks.process;

import org.jspecify.annotations.NullMarked;
