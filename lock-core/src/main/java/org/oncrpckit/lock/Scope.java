package org.oncrpckit.lock;

import java.util.Objects;

/** Which part of a table to list or count. */
public sealed interface Scope {
    /** All of it. */
    record Everything() implements Scope {}

    /**
     * What concerns one file.
     *
     * @param file the file
     */
    record OfFile(FileId file) implements Scope {
        /** Refuses null. */
        public OfFile {
            Objects.requireNonNull(file, "file");
        }
    }

    /**
     * What belongs to one owner.
     *
     * @param owner the owner
     */
    record OfOwner(LockOwner owner) implements Scope {
        /** Refuses null. */
        public OfOwner {
            Objects.requireNonNull(owner, "owner");
        }
    }

    /**
     * What belongs to one system.
     *
     * @param system the system
     */
    record OfSystem(SystemId system) implements Scope {
        /** Refuses null. */
        public OfSystem {
            Objects.requireNonNull(system, "system");
        }
    }

    /** All of it. */
    static Scope everything() {
        return new Everything();
    }

    /** What concerns one file. */
    static Scope of(FileId file) {
        return new OfFile(file);
    }

    /** What belongs to one owner. */
    static Scope of(LockOwner owner) {
        return new OfOwner(owner);
    }

    /** What belongs to one system. */
    static Scope of(SystemId system) {
        return new OfSystem(system);
    }

    /** Whether something of this owner on this file is in it. */
    default boolean covers(FileId file, LockOwner owner) {
        if (this instanceof OfFile of) {
            return of.file().equals(file);
        }
        if (this instanceof OfOwner of) {
            return of.owner().equals(owner);
        }
        return !(this instanceof OfSystem of) || of.system().equals(owner.system());
    }
}
