package org.oncrpckit.nsm.protocol;

import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrEnum;
import org.oncrpckit.xdr.XdrRecords;

/**
 * How the values travel.
 *
 * <pre>
 * name          string&lt;1024&gt;, as bytes
 * my_id         string my_name, int program, int version, int procedure
 * mon_id        string mon_name, my_id
 * mon           mon_id, opaque priv[16]
 * stat_chge     string mon_name, int state
 * status        string mon_name, int state, opaque priv[16]
 * sm_stat       int state
 * sm_stat_res   enum { succ = 0, fail = 1 }, int state
 * </pre>
 */
final class NsmCodecs {
    static final XdrCodec<HostName> NAME =
            XdrRecords.of(XdrCodecs.opaque(HostName.LENGTH_MAX), HostName::bytes, HostName::new);

    private static final XdrCodec<Opaque> PRIV = XdrCodecs.fixedOpaque(CallBack.PRIV_LENGTH);

    static final XdrCodec<MyId> MY_ID =
            XdrRecords.of(
                    NAME,
                    MyId::myName,
                    XdrCodecs.INT,
                    MyId::program,
                    XdrCodecs.INT,
                    MyId::version,
                    XdrCodecs.INT,
                    MyId::procedure,
                    MyId::new);

    static final XdrCodec<MonId> MON_ID =
            XdrRecords.of(NAME, MonId::monName, MY_ID, MonId::caller, MonId::new);

    static final XdrCodec<MonRequest> MON =
            XdrRecords.of(MON_ID, MonRequest::id, PRIV, MonRequest::priv, MonRequest::new);

    static final XdrCodec<StateChange> STATE_CHANGE =
            XdrRecords.of(
                    NAME,
                    StateChange::monName,
                    XdrCodecs.INT,
                    StateChange::state,
                    StateChange::new);

    static final XdrCodec<HostStatus> STATUS =
            XdrRecords.of(
                    NAME,
                    HostStatus::monName,
                    XdrCodecs.INT,
                    HostStatus::state,
                    PRIV,
                    HostStatus::priv,
                    HostStatus::new);

    static final XdrCodec<StatResult> STAT_RESULT =
            XdrRecords.of(
                    XdrCodecs.enumeration(Result.class),
                    result -> result.agreed() ? Result.STAT_SUCC : Result.STAT_FAIL,
                    XdrCodecs.INT,
                    StatResult::state,
                    (result, state) -> new StatResult(result == Result.STAT_SUCC, state));

    private NsmCodecs() {}

    private enum Result implements XdrEnum {
        STAT_SUCC(0),
        STAT_FAIL(1);

        private final int number;

        Result(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }
}
