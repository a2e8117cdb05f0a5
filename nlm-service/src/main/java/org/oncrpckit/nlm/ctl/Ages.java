package org.oncrpckit.nlm.ctl;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ages as people write and read them. */
final class Ages {
    private static final Pattern AGE = Pattern.compile("(\\d{1,9})([smhd]?)");
    private static final int SECONDS_SHOWN_MAX = 120;

    private Ages() {}

    /**
     * Reads "90", "90s", "5m", "2h" or "1d".
     *
     * @throws IllegalArgumentException if it is nothing of that
     */
    static Duration parse(String text) {
        Matcher matcher = AGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("give a number with s, m, h or d behind it");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** The largest unit that leaves a figure worth reading. */
    static String text(long seconds) {
        if (seconds < SECONDS_SHOWN_MAX) {
            return seconds + "s";
        }
        Duration age = Duration.ofSeconds(seconds);
        if (age.toHours() < 2) {
            return age.toMinutes() + "m";
        }
        return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
    }
}
