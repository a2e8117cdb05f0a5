package org.oncrpckit.rpc.simulation;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The state of all links, and the dice. Guarded by the lock of its network. */
final class Links {
    /** A one-way link. */
    private record Link(InetAddress from, InetAddress to) {}

    private final RandomGenerator random;
    private final Map<Link, LinkQuality> qualities = new HashMap<>();
    private final Set<Link> cuts = new HashSet<>();
    private LinkQuality otherwise = LinkQuality.GOOD;

    Links(RandomGenerator random) {
        this.random = random;
    }

    /** The quality of all links that have none of their own. */
    void setQuality(LinkQuality quality) {
        otherwise = quality;
    }

    void setQuality(InetAddress from, InetAddress to, LinkQuality quality) {
        qualities.put(new Link(from, to), quality);
    }

    void cut(InetAddress from, InetAddress to) {
        cuts.add(new Link(from, to));
    }

    void mend(InetAddress from, InetAddress to) {
        cuts.remove(new Link(from, to));
    }

    boolean isCut(InetAddress from, InetAddress to) {
        return !cuts.isEmpty() && cuts.contains(new Link(from, to));
    }

    boolean loses(InetAddress from, InetAddress to) {
        return happens(quality(from, to).loss());
    }

    boolean duplicates(InetAddress from, InetAddress to) {
        return happens(quality(from, to).duplication());
    }

    long delayNanos(InetAddress from, InetAddress to) {
        LinkQuality quality = quality(from, to);
        long min = quality.delayMin().toNanos();
        long spread = quality.delayMax().toNanos() - min;
        return spread == 0 ? min : min + random.nextLong(spread + 1);
    }

    private LinkQuality quality(InetAddress from, InetAddress to) {
        return qualities.isEmpty()
                ? otherwise
                : qualities.getOrDefault(new Link(from, to), otherwise);
    }

    /** Rolls no dice where there is no doubt, so that a quality of 0 leaves others' luck alone. */
    private boolean happens(double share) {
        return share > 0 && random.nextDouble() < share;
    }
}
