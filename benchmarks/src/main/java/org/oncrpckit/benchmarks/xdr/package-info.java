/**
 * JMH benchmarks of XDR codecs, ours and oncrpc4j's. {@code XdrArea} runs them.
 *
 * <p>Never lives here: sockets; a comparison or a target.
 */
@NullMarked
package org.oncrpckit.benchmarks.xdr;

import org.jspecify.annotations.NullMarked;
