package org.oncrpckit.benchmarks.result;

import java.util.Locale;

/** What a figure must reach. */
public sealed interface Target {
    /** For people. */
    String words();

    /** Whether it is reached; not when what it is compared with is missing. */
    boolean met(Comparison comparison);

    /** At least so many times the peer's. */
    record TimesPeer(double factor, String peer) implements Target {
        @Override
        public String words() {
            return "≥ " + plain(factor) + " × " + peer;
        }

        @Override
        public boolean met(Comparison comparison) {
            Series other = comparison.peers().get(peer);
            return other != null && comparison.ours().over(other).median() >= factor;
        }
    }

    /** At most so many times the peer's. */
    record AtMostTimesPeer(double factor, String peer) implements Target {
        @Override
        public String words() {
            return "≤ " + plain(factor) + " × " + peer;
        }

        @Override
        public boolean met(Comparison comparison) {
            Series other = comparison.peers().get(peer);
            return other != null && comparison.ours().over(other).median() <= factor;
        }
    }

    /** At least so many times the limit. */
    record TimesLimit(double factor) implements Target {
        @Override
        public String words() {
            return "≥ " + plain(factor) + " × limit";
        }

        @Override
        public boolean met(Comparison comparison) {
            Series limit = comparison.limit();
            return limit != null && comparison.ours().over(limit).median() >= factor;
        }
    }

    /** At least this value. */
    record AtLeast(double value) implements Target {
        @Override
        public String words() {
            return "≥ " + plain(value);
        }

        @Override
        public boolean met(Comparison comparison) {
            return comparison.ours().median() >= value;
        }
    }

    /** At most this value. */
    record AtMost(double value) implements Target {
        @Override
        public String words() {
            return "≤ " + plain(value);
        }

        @Override
        public boolean met(Comparison comparison) {
            return comparison.ours().median() <= value;
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
