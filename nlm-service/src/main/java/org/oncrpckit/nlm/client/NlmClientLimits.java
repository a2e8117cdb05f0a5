package org.oncrpckit.nlm.client;

/**
 * How much a client takes on.
 *
 * @param locks ranges that are locked, 1 or more
 * @param waits requests that wait, 1 or more
 */
record NlmClientLimits(long locks, int waits) {
    static final NlmClientLimits DEFAULT = new NlmClientLimits(1_000_000, 100_000);

    NlmClientLimits {
        if (locks < 1 || waits < 1) {
            throw new IllegalArgumentException(
                    "limits of %d locks and %d waits (expected: at least 1 each)"
                            .formatted(locks, waits));
        }
    }
}
