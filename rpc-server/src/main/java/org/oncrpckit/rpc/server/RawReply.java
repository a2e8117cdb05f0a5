package org.oncrpckit.rpc.server;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.xdr.XdrCodec;

/** What a {@link RawRpcHandler} answers; the server adds xid and verifier. */
public sealed interface RawReply {
    /**
     * The call was executed. When the results cannot be encoded, the caller gets SYSTEM_ERR.
     *
     * @param codec encodes them, before {@link RawCall#answer} returns
     * @param results the results
     * @param <R> type of the results
     */
    record Results<R>(XdrCodec<R> codec, R results) implements RawReply {
        /** Checks that nothing is missing. */
        public Results {
            Objects.requireNonNull(codec, "codec");
            Objects.requireNonNull(results, "results");
        }

        /** Encoded results, from position to limit. */
        public static Results<ByteBuffer> ofBytes(ByteBuffer encoded) {
            return new Results<>(RawBytes.RAW_BYTES, encoded);
        }
    }

    /**
     * The call was not executed, or not to its end.
     *
     * @param status PROG_UNAVAIL, PROC_UNAVAIL, GARBAGE_ARGS or SYSTEM_ERR. Only after SYSTEM_ERR
     *     is the call remembered for its duplicates: the others say that nothing was done.
     */
    record Failed(AcceptStatus status) implements RawReply {
        /** Checks that it is a failure that needs no more words. */
        public Failed {
            if (status == AcceptStatus.SUCCESS || status == AcceptStatus.PROG_MISMATCH) {
                throw new IllegalArgumentException(status + " needs results or versions");
            }
        }
    }

    /**
     * PROG_MISMATCH.
     *
     * @param supported the versions that there are
     */
    record Mismatch(VersionRange supported) implements RawReply {
        /** Checks that nothing is missing. */
        public Mismatch {
            Objects.requireNonNull(supported, "supported");
        }
    }

    /**
     * AUTH_ERROR: the caller is refused.
     *
     * @param status why
     */
    record Refused(AuthStatus status) implements RawReply {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(status, "status");
        }
    }
}
