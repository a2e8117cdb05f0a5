package org.oncrpckit.xdr;

import java.io.IOException;
import java.io.Serial;

/**
 * Bytes that are not what the codec expects: too short, too long, an unknown discriminant, non-zero
 * padding. The message names the offending value, the limit and the offset in the stream.
 */
public final class XdrException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public XdrException(String message) {
        super(message);
    }

    /** Creates the exception with what led to it. */
    public XdrException(String message, Throwable cause) {
        super(message, cause);
    }
}
