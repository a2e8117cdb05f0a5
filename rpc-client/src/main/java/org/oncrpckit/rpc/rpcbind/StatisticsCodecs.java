package org.oncrpckit.rpc.rpcbind;

import org.oncrpckit.rpc.rpcbind.RpcbindStatistics.LookUps;
import org.oncrpckit.rpc.rpcbind.RpcbindStatistics.RemoteCalls;
import org.oncrpckit.rpc.rpcbind.RpcbindStatistics.VersionCounts;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;

/**
 * How {@link RpcbindStatistics} travel. Apart from the record, so that making one does not begin to
 * initialize {@link RpcbindProtocol}, which needs these.
 */
final class StatisticsCodecs {
    private static final XdrCodec<String> NETID = XdrCodecs.string(RpcbindProtocol.TEXT_BYTES_MAX);

    private static final XdrCodec<LookUps> LOOK_UPS =
            XdrRecords.of(
                    RpcbindProtocol.PROGRAM_VERSION,
                    LookUps::programVersion,
                    XdrCodecs.INT,
                    LookUps::successes,
                    XdrCodecs.INT,
                    LookUps::failures,
                    NETID,
                    LookUps::netid,
                    LookUps::new);

    private static final XdrCodec<RemoteCalls> REMOTE_CALLS =
            XdrRecords.of(
                    RpcbindProtocol.PROGRAM_VERSION,
                    RemoteCalls::programVersion,
                    XdrCodecs.INT,
                    RemoteCalls::procedure,
                    XdrCodecs.INT,
                    RemoteCalls::successes,
                    XdrCodecs.INT,
                    RemoteCalls::failures,
                    XdrCodecs.INT,
                    RemoteCalls::indirect,
                    NETID,
                    RemoteCalls::netid,
                    RemoteCalls::new);

    static final XdrCodec<RpcbindStatistics> STATISTICS =
            XdrRecords.of(
                    XdrCodecs.fixedArray(
                            XdrRecords.of(
                                    XdrCodecs.fixedArray(
                                            XdrCodecs.INT, RpcbindStatistics.PROCEDURES),
                                    VersionCounts::calls,
                                    XdrCodecs.INT,
                                    VersionCounts::sets,
                                    XdrCodecs.INT,
                                    VersionCounts::unsets,
                                    XdrCodecs.linkedList(LOOK_UPS, RpcbindStatistics.ENTRIES_MAX),
                                    VersionCounts::lookUps,
                                    XdrCodecs.linkedList(
                                            REMOTE_CALLS, RpcbindStatistics.ENTRIES_MAX),
                                    VersionCounts::remoteCalls,
                                    VersionCounts::new),
                            RpcbindStatistics.VERSIONS),
                    RpcbindStatistics::versions,
                    RpcbindStatistics::new);

    private StatisticsCodecs() {}
}
