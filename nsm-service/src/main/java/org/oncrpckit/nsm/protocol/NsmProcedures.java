package org.oncrpckit.nsm.protocol;

import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** The procedures of program 100024 version 1, for clients and servers. */
public final class NsmProcedures {
    /** Program number of the status monitor. */
    public static final int PROGRAM = 100024;

    /** Its only version. */
    public static final ProgramVersion V1 = new ProgramVersion(PROGRAM, 1);

    /** Does nothing. */
    public static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(V1, 0, "SM_NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Asks whether the monitor would monitor a host, and for its own state. */
    public static final Procedure<HostName, StatResult> STAT =
            new Procedure<>(V1, 1, "SM_STAT", NsmCodecs.NAME, NsmCodecs.STAT_RESULT);

    /** Monitors a host for a service. */
    public static final Procedure<MonRequest, StatResult> MON =
            new Procedure<>(V1, 2, "SM_MON", NsmCodecs.MON, NsmCodecs.STAT_RESULT);

    /** Ends {@link #MON}; brings the state of the monitor's own host. */
    public static final Procedure<MonId, Integer> UNMON =
            new Procedure<>(V1, 3, "SM_UNMON", NsmCodecs.MON_ID, XdrCodecs.INT);

    /** Ends every {@link #MON} of a service. */
    public static final Procedure<MyId, Integer> UNMON_ALL =
            new Procedure<>(V1, 4, "SM_UNMON_ALL", NsmCodecs.MY_ID, XdrCodecs.INT);

    /** Makes the monitor behave as after a crash of its host. */
    public static final Procedure<Nothing, Nothing> SIMU_CRASH =
            new Procedure<>(V1, 5, "SM_SIMU_CRASH", XdrCodecs.VOID, XdrCodecs.VOID);

    /** The caller's host has restarted, or is going down. */
    public static final Procedure<StateChange, Nothing> NOTIFY =
            new Procedure<>(V1, 6, "SM_NOTIFY", NsmCodecs.STATE_CHANGE, XdrCodecs.VOID);

    private NsmProcedures() {}

    /** The procedure that a call-back names: {@code struct status} in, nothing out. */
    public static Procedure<HostStatus, Nothing> callBack(CallBack callBack) {
        return new Procedure<>(
                new ProgramVersion(callBack.program(), callBack.version()),
                callBack.procedure(),
                "status call-back",
                NsmCodecs.STATUS,
                XdrCodecs.VOID);
    }
}
