package org.oncrpckit.lock;

/**
 * One host in one life. A host that restarts comes back with another epoch, so locks of its two
 * lives never mix and the old life can be listed, counted and dropped as a whole.
 *
 * @param host a number that the caller gives each host; 0 is this host
 * @param epoch which life of the host, in whatever counting the caller likes
 */
public record SystemId(long host, long epoch) implements Comparable<SystemId> {
    /** This host. */
    public static final SystemId LOCAL = new SystemId(0, 0);

    /** Orders by host, then epoch, both unsigned. */
    @Override
    public int compareTo(SystemId other) {
        int byHost = Long.compareUnsigned(host, other.host);
        return byHost != 0 ? byHost : Long.compareUnsigned(epoch, other.epoch);
    }

    /** Adds this to the hash of a name. */
    long addTo(long sum) {
        return NameHash.add(NameHash.add(sum, host), epoch);
    }

    @Override
    public int hashCode() {
        return NameHash.finish(addTo(NameHash.START));
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(host) + "." + Long.toUnsignedString(epoch);
    }
}
