/** Child processes: how the measured programs and the load generators are built, run and ended. */
@NullMarked
package org.oncrpckit.benchmarks.process;

import org.jspecify.annotations.NullMarked;
