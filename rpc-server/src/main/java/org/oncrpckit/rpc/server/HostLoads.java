package org.oncrpckit.rpc.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What hosts take of a server, in all and each: calls that have left their I/O thread, and bytes
 * that wait, in arguments of such calls and in replies that nobody reads. Takes no lock.
 */
final class HostLoads {
    /** What a call in progress takes besides its arguments. */
    static final int CALL_BYTES = 512;

    /** Changed only inside the map's own steps; read at any time, as a hint. */
    private static final class Load {
        volatile int calls;
        volatile long bytes;
    }

    private final int callsMax;
    private final int callsPerHostMax;
    private final long bytesMax;
    private final long bytesPerHostMax;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<Object, Load> byHost = new ConcurrentHashMap<>();

    HostLoads(ServerLimits limits) {
        callsMax = limits.callsInProgress().max();
        callsPerHostMax = limits.callsInProgress().perHostMax();
        bytesMax = limits.bytes().max();
        bytesPerHostMax = limits.bytes().perHostMax();
    }

    /** Whether a host may defer one more call. A hint: others may be faster. */
    boolean hasRoom(Object host) {
        if (calls.get() >= callsMax || bytes.get() > bytesMax) {
            return false;
        }
        Load load = byHost.get(host);
        return load == null || (load.calls < callsPerHostMax && load.bytes <= bytesPerHostMax);
    }

    /** Whether more bytes wait than so many times the limit, for this host or for all. */
    boolean isOver(Object host, int times) {
        if (bytes.get() > times * bytesMax) {
            return true;
        }
        Load load = byHost.get(host);
        return load != null && load.bytes > times * bytesPerHostMax;
    }

    /** A call leaves its I/O thread, with a copy of so many bytes. */
    void defer(Object host, int argumentBytes) {
        add(host, 1, argumentBytes + CALL_BYTES);
    }

    /** It has ended. */
    void endDeferred(Object host, int argumentBytes) {
        add(host, -1, -argumentBytes - CALL_BYTES);
    }

    /** So many bytes of replies wait more or, if negative, fewer. */
    void addReplies(Object host, long more) {
        add(host, 0, more);
    }

    long bytes() {
        return bytes.get();
    }

    /** How many hosts take anything. */
    int hosts() {
        return byHost.size();
    }

    private void add(Object host, int moreCalls, long moreBytes) {
        calls.addAndGet(moreCalls);
        bytes.addAndGet(moreBytes);
        byHost.compute(host, (same, load) -> sum(load, moreCalls, moreBytes));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the map lets in one at a time
    private static @Nullable Load sum(@Nullable Load load, int moreCalls, long moreBytes) {
        Load sum = load == null ? new Load() : load;
        sum.calls += moreCalls;
        sum.bytes += moreBytes;
        return sum.calls == 0 && sum.bytes == 0 ? null : sum;
    }
}
