/**
 * What is compared with what, one class for each area of the results. An area starts its
 * contestants, lets them run in turn, and hands over figures.
 *
 * <p>Never lives here: what writes files or parses options; a program that is measured.
 */
@NullMarked
package org.oncrpckit.benchmarks.area;

import org.jspecify.annotations.NullMarked;
