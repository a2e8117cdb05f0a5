package org.oncrpckit.e2e;

import static org.junit.jupiter.api.Assumptions.abort;

/**
 * What a machine must offer to a test. Where it does not, the test is skipped and says why; with
 * {@code E2E=required} in the environment it fails.
 */
public final class Requirement {
    private Requirement() {}

    /** Ends the test unless root runs it. */
    public static void root() {
        that("root".equals(System.getProperty("user.name")), "it needs root");
    }

    /**
     * Ends the test unless a condition holds.
     *
     * @param why one line for people: what is missing
     */
    public static void that(boolean holds, String why) {
        if (!holds) {
            throw isMissing(why);
        }
    }

    /**
     * Ends the test.
     *
     * @param why one line for people
     * @return never: it throws, and "throw" before it tells the compiler
     */
    public static AssertionError isMissing(String why) {
        String line = why.strip().replace('\n', ' ');
        if ("required".equals(System.getenv("E2E"))) {
            throw new IllegalStateException("E2E=required, but " + line);
        }
        return abort(line);
    }
}
