/**
 * What is compared with what, one class for each area of the results. An area starts its
 * contestants, lets them run in turn, and hands over figures; it neither writes files nor parses
 * options.
 */
@NullMarked
package org.oncrpckit.benchmarks.area;

import org.jspecify.annotations.NullMarked;
