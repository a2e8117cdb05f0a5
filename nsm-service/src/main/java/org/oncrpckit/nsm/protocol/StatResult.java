package org.oncrpckit.nsm.protocol;

/**
 * Results of SM_STAT and SM_MON ({@code struct sm_stat_res}).
 *
 * @param agreed whether the monitor will monitor the host
 * @param state state number of the monitor's own host; means nothing when not agreed
 */
public record StatResult(boolean agreed, int state) {}
