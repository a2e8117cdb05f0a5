package org.oncrpckit.rpc;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.xdr.Opaque;
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
    public static final CallHeaderMemo NONE = new CallHeaderMemo(OpaqueMemo.NONE, 0, 0);

    private final OpaqueMemo bodies;
    private final @Nullable OpaqueAuth[] credentials;
    private final @Nullable ProgramVersion[] versions;

    /** Nothing was read yet. */
    public CallHeaderMemo() {
        this(new OpaqueMemo(), OpaqueMemo.SLOTS, VERSIONS);
    }

    private CallHeaderMemo(OpaqueMemo bodies, int credentials, int versions) {
        this.bodies = bodies;
        this.credentials = new OpaqueAuth[credentials];
        this.versions = new ProgramVersion[versions];
    }

    ProgramVersion programVersion(int program, int version) {
        if (versions.length == 0) {
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
        Opaque body = reader.readFixedOpaque(length, bodies);
        if (credentials.length == 0) {
            return new OpaqueAuth(AuthFlavor.SYS, body);
        }
        int slot = body.hashCode() & (OpaqueMemo.SLOTS - 1);
        OpaqueAuth known = credentials[slot];
        if (known == null || !known.body().equals(body)) {
            known = new OpaqueAuth(AuthFlavor.SYS, body);
            credentials[slot] = known;
        }
        return known;
    }
}
