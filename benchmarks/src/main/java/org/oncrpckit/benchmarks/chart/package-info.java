/**
 * Pictures of the results, for people who would rather look.
 *
 * <p>Never lives here: what measures, or changes a figure.
 */
@NullMarked
package org.oncrpckit.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
