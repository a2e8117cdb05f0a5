/**
 * Shows how fast the kit is beside its peers: one run over the areas that are asked for. An {@code
 * area} says what is compared and with which target; a {@code subject} is a program that is
 * measured, in a {@code process} of its own; a {@code result} is a figure, and {@code chart} draws
 * some of them.
 *
 * <p>Never lives here: a test, or anything that another module needs.
 */
@NullMarked
package org.oncrpckit.benchmarks;

import org.jspecify.annotations.NullMarked;
