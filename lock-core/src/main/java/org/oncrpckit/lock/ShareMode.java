package org.oncrpckit.lock;

import java.util.Objects;

/**
 * A DOS share mode.
 *
 * @param access what the owner does itself
 * @param deny what nobody else may do
 */
public record ShareMode(Share access, Share deny) implements Comparable<ShareMode> {
    /** Refuses nulls. */
    public ShareMode {
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(deny, "deny");
    }

    /** Whether two owners cannot have these two at once: one does what the other denies. */
    public boolean conflictsWith(ShareMode other) {
        return access.meets(other.deny) || deny.meets(other.access);
    }

    /** Orders by access, then deny. */
    @Override
    public int compareTo(ShareMode other) {
        int order = access.compareTo(other.access);
        return order != 0 ? order : deny.compareTo(other.deny);
    }
}
