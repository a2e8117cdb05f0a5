package org.oncrpckit.rpc.rpcbind;

import java.util.List;
import java.util.Objects;
import org.oncrpckit.rpc.ProgramVersion;

/**
 * What an rpcbind has counted since it was started (RFC 1833 section 2.1, {@code
 * rpcb_stat_byvers}). Numbers are unsigned bits.
 *
 * @param versions counts of versions 2, 3 and 4, in this order
 */
public record RpcbindStatistics(List<VersionCounts> versions) {
    /** Versions that are counted. */
    public static final int VERSIONS = 3;

    /** Procedures that are counted for each version. */
    public static final int PROCEDURES = 13;

    /** Longest list of look-ups or of remote calls. */
    public static final int ENTRIES_MAX = 4096;

    /**
     * What one version of the protocol was asked.
     *
     * @param calls number of calls by procedure number
     * @param sets successful registrations
     * @param unsets registrations taken back
     * @param lookUps what was looked up
     * @param remoteCalls what was passed on
     */
    public record VersionCounts(
            List<Integer> calls,
            int sets,
            int unsets,
            List<LookUps> lookUps,
            List<RemoteCalls> remoteCalls) {}

    /**
     * How often one address was looked up.
     *
     * @param programVersion program and version
     * @param successes found
     * @param failures not found
     * @param netid transport
     */
    public record LookUps(
            ProgramVersion programVersion, int successes, int failures, String netid) {}

    /**
     * How often one procedure was called through rpcbind.
     *
     * @param programVersion program and version
     * @param procedure procedure number
     * @param successes that were answered
     * @param failures that were not
     * @param indirect how many of them came as INDIRECT, which reports failures to the caller
     * @param netid transport
     */
    public record RemoteCalls(
            ProgramVersion programVersion,
            int procedure,
            int successes,
            int failures,
            int indirect,
            String netid) {}

    /** Checks that nothing is missing. */
    public RpcbindStatistics {
        Objects.requireNonNull(versions, "versions");
    }
}
