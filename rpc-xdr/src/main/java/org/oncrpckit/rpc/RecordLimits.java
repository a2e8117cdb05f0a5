package org.oncrpckit.rpc;

/**
 * What a peer may ask of a {@link RecordAssembler}.
 *
 * @param recordBytesMax longest record, and so the longest fragment, in bytes
 * @param fragmentsMax most fragments in one record, the last one included
 */
public record RecordLimits(int recordBytesMax, int fragmentsMax) {
    /** Enough for every protocol but bulk data: 1 MiB, 1024 fragments. */
    public static final RecordLimits DEFAULT = new RecordLimits(1 << 20, 1024);

    /** Checks that both limits are positive. */
    public RecordLimits {
        if (recordBytesMax < 1 || fragmentsMax < 1) {
            throw new IllegalArgumentException(
                    "limits of %d bytes, %d fragments (expected: both >= 1)"
                            .formatted(recordBytesMax, fragmentsMax));
        }
    }
}
