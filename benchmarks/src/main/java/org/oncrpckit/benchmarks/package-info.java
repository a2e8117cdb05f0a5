/**
 * Shows how fast the kit is beside its peers: one run over the areas that are asked for. An {@code
 * area} says what is compared and with which target; a {@code subject} is a program that is
 * measured, in a {@code process} of its own; a {@code result} is a figure, and {@code chart} draws
 * some of them. Nothing here is a test, and nothing is part of the product.
 */
@NullMarked
package org.oncrpckit.benchmarks;

import org.jspecify.annotations.NullMarked;
