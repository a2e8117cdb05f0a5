package org.oncrpckit.nlm.ctl;

/**
 * Bytes of a file.
 *
 * @param first first byte, unsigned
 * @param last last byte, unsigned; all ones is the end of the file
 */
record ByteRange(long first, long last) {
    /** Reads "A:B" or "A:"; anything else is wrong usage. */
    static ByteRange parse(DaemonCommand command, String range) {
        String[] ends = range.split(":", -1);
        if (ends.length != 2) {
            throw command.usage("--range " + range + ": give A:B or A:");
        }
        try {
            long first = Long.parseUnsignedLong(ends[0]);
            long last = ends[1].isEmpty() ? -1 : Long.parseUnsignedLong(ends[1]);
            if (Long.compareUnsigned(first, last) > 0) {
                throw command.usage("--range " + range + ": the last byte comes before the first");
            }
            return new ByteRange(first, last);
        } catch (NumberFormatException e) {
            throw command.usage("--range " + range + ": A and B are numbers from 0 to 2^64-1");
        }
    }
}
