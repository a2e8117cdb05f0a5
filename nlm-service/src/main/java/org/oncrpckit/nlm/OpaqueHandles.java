package org.oncrpckit.nlm;

import org.oncrpckit.lock.FileId;
import org.oncrpckit.xdr.DerivedMemo;

/**
 * Every handle is a file, and its bytes are the file's name. Files that are at work are not named
 * anew in each call.
 */
final class OpaqueHandles implements FileHandleResolver {
    /** Files that are at work at one time, about; a handle has 64 bytes at the most. */
    private static final int FILES_KEPT = 1024;

    private final DerivedMemo<Resolution> files =
            new DerivedMemo<>(FILES_KEPT, handle -> new Resolved(FileId.of(handle.toByteArray())));

    @Override
    public Resolution resolve(Question question) {
        return files.get(question.handle());
    }
}
