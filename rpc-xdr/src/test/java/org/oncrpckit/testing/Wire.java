package org.oncrpckit.testing;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.oncrpckit.rpc.RecordAssembler;
import org.oncrpckit.rpc.RecordMark;
import org.oncrpckit.xdr.XdrException;

/** The shapes in which a message may reach a decoder. */
public enum Wire {
    /** Exactly the array. */
    HEAP {
        @Override
        public ByteBuffer carry(byte[] message) {
            return ByteBuffer.wrap(message);
        }
    },
    /** In the middle of a larger array, with junk around it. */
    INSIDE_LARGER_ARRAY {
        @Override
        public ByteBuffer carry(byte[] message) {
            byte[] larger = new byte[message.length + 13];
            Arrays.fill(larger, (byte) 0x5a);
            System.arraycopy(message, 0, larger, 7, message.length);
            return ByteBuffer.wrap(larger, 7, message.length);
        }
    },
    /** Without access to its array. */
    READ_ONLY {
        @Override
        public ByteBuffer carry(byte[] message) {
            return ByteBuffer.wrap(message).asReadOnlyBuffer();
        }
    },
    /** Outside the heap. */
    DIRECT {
        @Override
        public ByteBuffer carry(byte[] message) {
            return ByteBuffer.allocateDirect(message.length).put(message).flip();
        }
    },
    /** In a buffer that somebody left in the other byte order. */
    LITTLE_ENDIAN {
        @Override
        public ByteBuffer carry(byte[] message) {
            return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        }
    },
    /** As a record of many fragments whose bytes arrive one by one. */
    BYTE_BY_BYTE {
        @Override
        public ByteBuffer carry(byte[] message) {
            return assemble(message, 5);
        }
    };

    /** A buffer whose remaining bytes are the message. */
    public abstract ByteBuffer carry(byte[] message);

    private static ByteBuffer assemble(byte[] message, int fragmentBytes) {
        ByteBuffer stream = ByteBuffer.allocate(message.length * 5 + RecordMark.BYTES);
        int sent = 0;
        do {
            int length = Math.min(fragmentBytes, message.length - sent);
            boolean last = sent + length == message.length;
            stream.putInt(new RecordMark(last, length).word()).put(message, sent, length);
            sent += length;
        } while (sent < message.length);
        stream.flip();
        RecordAssembler assembler = new RecordAssembler();
        try {
            while (stream.hasRemaining()) {
                ByteBuffer one = ByteBuffer.wrap(new byte[] {stream.get()});
                Optional<ByteBuffer> record = Records.next(assembler, one);
                if (record.isPresent()) {
                    return record.get();
                }
            }
        } catch (XdrException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no record");
    }
}
