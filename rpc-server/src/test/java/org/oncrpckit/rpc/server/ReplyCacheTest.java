package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;

/** Bounds and shares of the cache itself. */
class ReplyCacheTest {
    private static final long SECOND = 1_000_000_000L;

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final ServedEndpoint origin;

    ReplyCacheTest() throws Exception {
        origin = IdleEndpoint.on(network, time);
    }

    @Test
    void memoryStaysWithinItsBoundsUnderAMillionCalls() {
        ReplyCache cache = cache(10_000, 1L << 20);
        InetSocketAddress peer = peer("10.0.0.2", 700);
        long highest = 0;
        for (int xid = 0; xid < 1_000_000; xid++) {
            run(cache, peer, xid, 100, xid);
            ReplyCache.Usage usage = cache.usage();
            highest = Math.max(highest, usage.bytes());
            assertThat(usage.entries()).isLessThanOrEqualTo(10_000);
        }

        assertThat(highest).isBetween(1L << 19, 1L << 20);
        assertThat(cache.usage().entries()).isGreaterThan((int) ((1L << 20) / (2 * 300)));
        assertThat(cache.usage().evictions()).isEqualTo(1_000_000 - cache.usage().entries());
    }

    @Test
    void overheadIsNotUnderestimated() {
        ReplyCache cache = cache(200_000, 1L << 30);
        long before = usedMemory();
        for (int i = 0; i < 100_000; i++) {
            run(cache, peer("10.0." + i % 250 + "." + i % 100, i % 60_000), i, 40, 0);
        }
        long used = usedMemory() - before;

        assertThat(cache.usage().entries()).isEqualTo(100_000);
        assertThat(used).isLessThan(cache.usage().bytes());
        assertThat(used).isGreaterThan(cache.usage().bytes() / 3);
    }

    @Test
    void floodFromOneHostEvictsNoOther() {
        ReplyCache cache = cache(1_000, 32L << 20);
        List<CallKey> quiet = new ArrayList<>();
        for (int host = 2; host < 12; host++) {
            for (int xid = 0; xid < 20; xid++) {
                quiet.add(run(cache, peer("10.0.0." + host, 700), xid, 40, 0));
            }
        }
        for (int xid = 0; xid < 50_000; xid++) {
            // From many ports: a share belongs to a host.
            run(cache, peer("10.0.0.99", 1 + xid % 60_000), xid, 40, 0);
        }

        assertThat(cache.usage().entries()).isEqualTo(1_000);
        for (CallKey each : quiet) {
            assertThat(cache.find(each, 0)).isNotNull();
        }
    }

    @Test
    void hostAloneMayFillTheCacheAndYieldsLater() {
        ReplyCache cache = cache(1_000, 32L << 20);
        for (int xid = 0; xid < 5_000; xid++) {
            run(cache, peer("10.0.0.2", 700), xid, 40, 0);
        }
        List<CallKey> late = new ArrayList<>();
        for (int xid = 0; xid < 200; xid++) {
            late.add(run(cache, peer("10.0.0.3", 700), xid, 40, 0));
        }

        assertThat(cache.usage().entries()).isEqualTo(1_000);
        late.forEach(each -> assertThat(cache.find(each, 0)).isNotNull());
    }

    @Test
    void callsInProgressAreNeverEvicted() {
        ReplyCache cache = cache(10, 32L << 20);
        List<CallKey> running = new ArrayList<>();
        for (int xid = 0; xid < 20; xid++) {
            CallKey call = call(peer("10.0.0.2", 700), xid);
            assertThat(cache.admit(call, 0)).isNull();
            running.add(call);
        }
        run(cache, peer("10.0.0.2", 700), 99, 40, 0);

        assertThat(cache.usage().entries()).isEqualTo(20);
        running.forEach(
                each ->
                        assertThat(cache.admit(each, 0))
                                .isEqualTo(new ReplyCache.Known.InProgress(each.call)));
        running.forEach(each -> cache.end(each, ByteBuffer.allocate(4), 0));
        assertThat(cache.usage().entries()).isEqualTo(10);
    }

    @Test
    void overdueEntriesAreClearedAwayByNewCalls() {
        ReplyCache cache = cache(100_000, 32L << 20);
        for (int xid = 0; xid < 1_000; xid++) {
            run(cache, peer("10.0.0.2", 700), xid, 40, 0);
        }
        for (int xid = 0; xid < 600; xid++) {
            run(cache, peer("10.0.0.3", 700), xid, 40, 121 * SECOND);
        }

        assertThat(cache.usage().entries()).isEqualTo(600);
        assertThat(cache.usage().evictions()).isZero();
    }

    @Test
    void whatARepetitionCausesIsKeptWithTheReply() {
        ReplyCache cache = cache(10, 32L << 20);
        CallKey call = call(peer("10.0.0.2", 700), 1);
        Runnable whileExecuted = () -> {};
        Runnable afterwards = () -> {};
        assertThat(cache.admit(call, 0)).isNull();
        cache.whenRepeated(call, whileExecuted);
        cache.end(call, ByteBuffer.allocate(28), 0);
        assertThat(((ReplyCache.Known.Ended) cache.find(call, 0)).repeated())
                .isSameAs(whileExecuted);

        cache.whenRepeated(call, afterwards);

        assertThat(((ReplyCache.Known.Ended) cache.find(call, 0)).repeated()).isSameAs(afterwards);
    }

    @Test
    void linkLocalPeersOfDifferentLinksAreDifferent() throws Exception {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        ReplyCache cache = cache(10, 32L << 20);
        for (int scope = 1; scope <= 2; scope++) {
            InetAddress address = Inet6Address.getByAddress(null, bytes, scope);
            assertThat(cache.admit(call(new InetSocketAddress(address, 700), 1), 0)).isNull();
        }
    }

    @Test
    void randomHistoriesKeepTheAccountsRight() {
        long seed = Long.getLong("seed", 42);
        System.out.println("seed " + seed + " (set with -Dseed=)");
        SplittableRandom random = new SplittableRandom(seed);
        ReplyCache cache = cache(64, 50_000);
        List<CallKey> running = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 200_000; step++) {
            now += random.nextLong(SECOND);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    InetSocketAddress peer = peer("10.0.0." + (2 + random.nextInt(8)), 700);
                    CallKey call = call(peer, random.nextInt(500));
                    if (running.size() < 30 && cache.admit(call, now) == null) {
                        running.add(call);
                    }
                }
                case 2 -> {
                    CallKey call = pick(running, random);
                    if (call != null) {
                        cache.end(call, ByteBuffer.allocate(random.nextInt(3_000)), now);
                    }
                }
                default -> {
                    CallKey call = pick(running, random);
                    if (call != null && random.nextInt(10) == 0) {
                        cache.forget(call);
                    } else if (call != null) {
                        running.add(call);
                    }
                }
            }
            ReplyCache.Usage usage = cache.usage();
            assertThat(usage.entries()).isBetween(running.size(), 64);
            assertThat(usage.bytes()).isBetween(0L, 50_000L);
        }
        for (CallKey call : running) {
            cache.forget(call);
        }
        // Two are cleared away with each new call.
        for (int xid = 1_000; xid < 1_100; xid++) {
            CallKey call = call(peer("10.0.0.2", 700), xid);
            cache.admit(call, now + 1_000 * SECOND);
            cache.forget(call);
        }
        assertThat(cache.usage().entries()).isZero();
        ReplySlots kept = new ReplySlots();
        kept.grow();
        assertThat(cache.usage().bytes()).isEqualTo(kept.bytes());
    }

    private static @Nullable CallKey pick(List<CallKey> from, SplittableRandom random) {
        return from.isEmpty() ? null : from.remove(random.nextInt(from.size()));
    }

    private static ReplyCache cache(int entriesMax, long bytesMax) {
        return new ReplyCache(
                ServerLimits.DEFAULT.withReplyCache(entriesMax, bytesMax, Duration.ofMinutes(2)));
    }

    private CallKey run(
            ReplyCache cache, InetSocketAddress peer, int xid, int replyBytes, long now) {
        CallKey call = call(peer, xid);
        assertThat(cache.admit(call, now)).isNull();
        cache.end(call, ByteBuffer.allocate(replyBytes), now);
        return call;
    }

    private CallKey call(InetSocketAddress peer, int xid) {
        return IdleEndpoint.call(origin, peer, xid).key(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    }

    private static InetSocketAddress peer(String host, int port) {
        return new InetSocketAddress(SimulatedServer.address(host), port);
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
