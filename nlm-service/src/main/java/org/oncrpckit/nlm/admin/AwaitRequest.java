package org.oncrpckit.nlm.admin;

/**
 * Asks what became of a queued request.
 *
 * @param token names the request
 * @param millis how long to wait for news, 1 or more
 */
record AwaitRequest(long token, long millis) {
    AwaitRequest {
        if (millis < 1) {
            throw new IllegalArgumentException("wait of " + millis + " ms (expected: 1 or more)");
        }
    }
}
