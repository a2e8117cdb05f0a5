package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.xdr.Opaque;

/**
 * Says which file a handle means, and whether a client may do what it asks. Called on I/O threads:
 * it must be thread-safe and must not block.
 */
@FunctionalInterface
public interface FileHandleResolver {
    /** What a client wants with a file. */
    enum Purpose {
        /** To see who is in the way. */
        TEST,
        /** To read under a lock. */
        LOCK_SHARED,
        /** To write under a lock. */
        LOCK_EXCLUSIVE,
        /**
         * To give something back. The answer should name the file whenever there is a name for it,
         * permission or not: a refusal leaves the client's locks where they are.
         */
        GIVE_BACK
    }

    /**
     * A question.
     *
     * @param handle the file handle, as the client sent it: 1 to 64 bytes, in versions 1 and 3 at
     *     most 32; others are stale and not asked about
     * @param purpose what for
     * @param client the address of the client
     * @param credential who is asking there, so he says
     */
    record Question(Opaque handle, Purpose purpose, InetAddress client, OpaqueAuth credential) {
        /** Refuses nulls. */
        public Question {
            Objects.requireNonNull(handle, "handle");
            Objects.requireNonNull(purpose, "purpose");
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(credential, "credential");
        }
    }

    /** An answer. */
    sealed interface Resolution {}

    /**
     * Yes.
     *
     * @param id the file; two handles of one file have one id
     */
    record Resolved(FileId id) implements Resolution {
        /** Refuses null. */
        public Resolved {
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * No.
     *
     * @param status what the client is told: STALE_FILE_HANDLE, READ_ONLY_FILE_SYSTEM or FAILED as
     *     a rule
     */
    record Refused(NlmStatus status) implements Resolution {
        /** Refuses null. */
        public Refused {
            Objects.requireNonNull(status, "status");
        }
    }

    /** Answers. */
    Resolution resolve(Question question);

    /** Every handle is a file, and its bytes are the file's name. */
    static FileHandleResolver opaque() {
        return new OpaqueHandles();
    }
}
