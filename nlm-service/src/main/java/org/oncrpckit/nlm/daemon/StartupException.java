package org.oncrpckit.nlm.daemon;

import java.io.Serial;

/** The daemon cannot start. The message is one line that says what is wrong and how to mend it. */
final class StartupException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    StartupException(String whatAndHowToMend) {
        super(whatAndHowToMend.replaceAll("\\s*\\R\\s*", " "));
    }

    StartupException(String whatAndHowToMend, Throwable cause) {
        this(whatAndHowToMend);
        initCause(cause);
    }
}
