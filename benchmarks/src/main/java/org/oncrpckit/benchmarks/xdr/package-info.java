/** JMH benchmarks of XDR codecs, ours and oncrpc4j's. {@code XdrArea} runs them. */
@NullMarked
package org.oncrpckit.benchmarks.xdr;

import org.jspecify.annotations.NullMarked;
