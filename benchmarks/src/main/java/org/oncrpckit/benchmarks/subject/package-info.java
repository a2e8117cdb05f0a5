/**
 * The programs that are measured, each a process of its own: our server and client, oncrpc4j's, and
 * bare loops over channels, which are the limit. Peers in C live in {@code benchmarks/native}.
 *
 * <p>Never lives here: what runs them and reads their output.
 */
@NullMarked
package org.oncrpckit.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
