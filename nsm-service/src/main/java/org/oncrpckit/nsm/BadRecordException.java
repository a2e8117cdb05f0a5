package org.oncrpckit.nsm;

import java.io.IOException;
import java.io.Serial;

/** A file in the state folder is not a record; the message says in what way. */
final class BadRecordException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final String reason;

    BadRecordException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What is wrong with it. */
    String reason() {
        return reason;
    }
}
