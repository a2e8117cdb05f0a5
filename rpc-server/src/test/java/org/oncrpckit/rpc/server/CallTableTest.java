package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;

/** The calls in progress, beside a map of the JDK's. */
class CallTableTest {
    private final CallTable table = new CallTable();
    private final ServedEndpoint origin;

    CallTableTest() throws Exception {
        VirtualTime time = new VirtualTime();
        origin = IdleEndpoint.on(new SimulatedNetwork(time, 1), time);
    }

    @Test
    void findsWhatAMapFinds() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed + " (set with -Dseed=)");
        SplittableRandom random = new SplittableRandom(seed);
        Map<CallKey, CallKey> expected = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            CallKey key = key(random.nextInt(2_000), random.nextInt(2));
            @Nullable CallKey known = expected.get(key);
            assertThat(table.find(key)).isSameAs(known);
            if (known == null) {
                table.add(key);
                expected.put(key, key);
            } else if (random.nextBoolean()) {
                table.remove(key);
                assertThat(table.find(key)).as("one like it is not it").isSameAs(known);
                table.remove(known);
                expected.remove(known);
            }
            assertThat(table.size()).isEqualTo(expected.size());
        }
        List<CallKey> all = new ArrayList<>(expected.keySet());
        all.forEach(table::remove);
        assertThat(table.size()).isZero();
        all.forEach(each -> assertThat(table.find(each)).isNull());
    }

    private CallKey key(int xid, int argument) {
        InetSocketAddress peer = new InetSocketAddress(SimulatedServer.address("10.0.0.2"), 700);
        return IdleEndpoint.call(origin, peer, xid)
                .key(ByteBuffer.wrap(new byte[] {0, 0, 0, (byte) argument}));
    }
}
