/** Pictures of the results, for people who would rather look. */
@NullMarked
package org.oncrpckit.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
