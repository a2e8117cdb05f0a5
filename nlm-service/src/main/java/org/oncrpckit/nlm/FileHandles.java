package org.oncrpckit.nlm;

import java.util.Optional;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.xdr.Opaque;

/** Asks the resolver about handles that can be handles in the caller's version. Thread-safe. */
final class FileHandles {
    private static final FileHandleResolver.Resolution STALE =
            new FileHandleResolver.Refused(NlmStatus.STALE_FILE_HANDLE);

    private final FileHandleResolver resolver;

    FileHandles(FileHandleResolver resolver) {
        this.resolver = resolver;
    }

    FileHandleResolver.Resolution resolve(
            Caller caller, Opaque handle, FileHandleResolver.Purpose purpose) {
        int length = handle.length();
        if (length == 0 || length > caller.version().fileHandleBytesMax()) {
            return STALE;
        }
        return resolver.resolve(
                new FileHandleResolver.Question(
                        handle, purpose, caller.client().address(), caller.credential()));
    }

    /** The file on which a client gives something back; empty when it can have nothing there. */
    Optional<FileId> toGiveBack(Caller caller, Opaque handle) {
        return resolve(caller, handle, FileHandleResolver.Purpose.GIVE_BACK)
                        instanceof FileHandleResolver.Resolved resolved
                ? Optional.of(resolved.id())
                : Optional.empty();
    }
}
