package org.oncrpckit.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.rpc.RecordAssembler;
import org.oncrpckit.xdr.XdrException;

/** Records one by one, for tests that know how long the memory under them stays. */
public final class Records {
    private Records() {}

    /** The next record, as a view of its own of the same memory. */
    public static Optional<ByteBuffer> next(RecordAssembler assembler, ByteBuffer input)
            throws XdrException {
        List<ByteBuffer> records = new ArrayList<>(1);
        boolean any = assembler.next(input, record -> records.add(record.slice()));
        if (any == records.isEmpty()) {
            throw new AssertionError("said " + any + ", gave " + records);
        }
        return records.stream().findFirst();
    }
}
