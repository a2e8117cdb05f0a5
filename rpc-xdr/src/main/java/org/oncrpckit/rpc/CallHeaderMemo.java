package org.oncrpckit.rpc;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.xdr.DerivedMemo;
import org.oncrpckit.xdr.OpaqueMemo;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/**
 * The parts of call headers that come again and again: which program is called, and the AUTH_SYS
 * credential of who calls. Headers that are read with it share these objects. Holds at most {@link
 * OpaqueMemo#SLOTS} credentials and {@link #VERSIONS} program versions; a new one takes the place
 * of the one in its slot. Thread-safe, without a lock: what it holds is immutable, and what a race
 * loses is made anew.
 */
public final class CallHeaderMemo {
    /** Program versions that are kept; a power of two. */
    public static final int VERSIONS = 16;

    /** Remembers nothing. */
    public static final CallHeaderMemo NONE = new CallHeaderMemo();

    private final OpaqueMemo bodies = new OpaqueMemo();
    private final DerivedMemo<OpaqueAuth> credentials =
            new DerivedMemo<>(OpaqueMemo.SLOTS, body -> new OpaqueAuth(AuthFlavor.SYS, body));
    private final @Nullable ProgramVersion[] versions = new ProgramVersion[VERSIONS];

    /** Nothing was read yet. */
    public CallHeaderMemo() {}

    ProgramVersion programVersion(int program, int version) {
        if (this == NONE) {
            return new ProgramVersion(program, version);
        }
        int slot = (program * 31 + version) & (VERSIONS - 1);
        ProgramVersion known = versions[slot];
        if (known == null || known.program() != program || known.version() != version) {
            known = new ProgramVersion(program, version);
            versions[slot] = known;
        }
        return known;
    }

    /** Reads the body of an AUTH_SYS credential, and its padding. */
    OpaqueAuth readSys(XdrReader reader, int length) throws XdrException {
        if (this == NONE) {
            return new OpaqueAuth(AuthFlavor.SYS, reader.readFixedOpaque(length));
        }
        return credentials.get(reader.readFixedOpaque(length, bodies));
    }
}
