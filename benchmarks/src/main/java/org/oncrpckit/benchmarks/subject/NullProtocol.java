package org.oncrpckit.benchmarks.subject;

import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** The program that all servers here serve: procedures that take and answer nothing. */
public final class NullProtocol {
    /** In the range for users. */
    public static final ProgramVersion VERSION = new ProgramVersion(0x2000_0001, 1);

    /** May be executed again for a duplicate. */
    public static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(VERSION, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Its replies go through the duplicate request cache, where the server has one. */
    public static final Procedure<Nothing, Nothing> REMEMBERED =
            new Procedure<>(VERSION, 1, "REMEMBERED", XdrCodecs.VOID, XdrCodecs.VOID);

    private NullProtocol() {}
}
