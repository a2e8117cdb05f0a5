package org.oncrpckit.rpc.server.host;

import java.io.Serial;

/** A daemon cannot start. The message is one line that says what is wrong and how to mend it. */
public final class StartupException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** Line breaks in the text become spaces. */
    public StartupException(String whatAndHowToMend) {
        super(whatAndHowToMend.replaceAll("\\s*\\R\\s*", " "));
    }

    /** Line breaks in the text become spaces. */
    public StartupException(String whatAndHowToMend, Throwable cause) {
        this(whatAndHowToMend);
        initCause(cause);
    }
}
