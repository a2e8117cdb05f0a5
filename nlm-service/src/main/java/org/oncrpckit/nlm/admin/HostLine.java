package org.oncrpckit.nlm.admin;

import java.util.List;

/**
 * A client host, for people and programs.
 *
 * @param host its address, or the first of several
 * @param aliases its other addresses, where the configuration says that they are one host's
 * @param name what it calls itself; escaped, unverified
 * @param nsmState its status monitor number as unsigned bits; 0 when not known
 * @param monitored whether it is remembered across a restart
 * @param ways how it has come here, as in "v4/tcp/192.0.2.1"
 * @param use what it has
 * @param idleSeconds since it last asked for something
 */
public record HostLine(
        String host,
        List<String> aliases,
        String name,
        int nsmState,
        boolean monitored,
        List<String> ways,
        Use use,
        long idleSeconds) {
    /** Takes copies of the lists. */
    public HostLine {
        aliases = List.copyOf(aliases);
        ways = List.copyOf(ways);
    }

    boolean isCalled(String wanted) {
        return host.equals(wanted) || aliases.contains(wanted) || OwnerLine.isName(wanted, name);
    }

    /**
     * What a host has.
     *
     * @param locks held locks
     * @param waiters waiting requests
     * @param shares share reservations
     * @param unacknowledged grants that it has not answered yet
     * @param unconfirmed locks that it may not know it holds
     */
    public record Use(
            long locks, long waiters, long shares, long unacknowledged, long unconfirmed) {}
}
