package org.oncrpckit.nlm.protocol;

/**
 * What versions 1 and 3 can say of values of version 4: offsets and lengths of 32 bits, statuses 0
 * to 4.
 */
final class NarrowValues {
    private static final long MAX = WireRange.NARROW_MAX;

    private NarrowValues() {}

    /** A status; what has no number becomes the nearest one that has. */
    static NlmStatus status(NlmStatus status) {
        return switch (status) {
            case DEADLOCK -> NlmStatus.DENIED;
            case READ_ONLY_FILE_SYSTEM, STALE_FILE_HANDLE, FILE_TOO_BIG, FAILED ->
                    NlmStatus.DENIED_NOLOCKS;
            default -> status;
        };
    }

    /** The outcome of TEST. DENIED has a holder, so without one it is no locks. */
    static TestOutcome outcome(TestOutcome outcome) {
        if (outcome instanceof TestOutcome.Conflict) {
            return outcome;
        }
        NlmStatus status = status(outcome.status());
        return new TestOutcome.Other(
                status == NlmStatus.DENIED ? NlmStatus.DENIED_NOLOCKS : status);
    }

    /**
     * A holder: the least range of 32 bits that covers what it holds. What begins behind 4 GiB is
     * said to begin at the last byte before; what ends there, to go on to the end of the file.
     */
    static Holder holder(Holder holder) {
        boolean beginsBeyond = Long.compareUnsigned(holder.offset(), MAX) > 0;
        long offset = beginsBeyond ? MAX : holder.offset();
        boolean endsBeyond =
                beginsBeyond
                        || Long.compareUnsigned(holder.length(), MAX) > 0
                        || offset + holder.length() > MAX + 1;
        return new Holder(
                holder.exclusive(),
                holder.svid(),
                holder.ownerHandle(),
                offset,
                endsBeyond ? 0 : holder.length());
    }
}
