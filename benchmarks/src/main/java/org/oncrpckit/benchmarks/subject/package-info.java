/**
 * The programs that are measured, each a process of its own: our server and client, oncrpc4j's, and
 * bare loops over channels, which are the limit. What runs them and reads their output is one
 * package up. Peers in C live in {@code benchmarks/native}.
 */
@NullMarked
package org.oncrpckit.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
