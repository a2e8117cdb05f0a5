package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.xdr.Nothing;

/**
 * What operations take from the heap beyond what their calls would take anyway: the same number
 * whether or not the code is compiled, as long as that is not by the best of compilers. The limits
 * leave a third beyond what was counted when they were written, interpreted, so that no object is
 * optimized away.
 */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final NlmVersion V4 = NlmVersion.V4;
    private static final int PAIRS = 3_000;
    private static final int CYCLES = 1_000;
    private static final int OWNERS_OF_A_BUSY_SERVER = 32;

    /** Long enough for call, call back and answer; short beside the minute that a port is kept. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final World world = new World();
    private final BareClient client = new BareClient(world);

    @BeforeEach
    void theClientIsMadeKnown() {
        world.start();
        WireLock any = BareClient.describe(World.FILE, 0, 0);
        send(List.of(client.lock(any, false), client.unlock(any)));
    }

    /** It was 1,520 and 1,740 bytes. */
    @ParameterizedTest
    @CsvSource({
        OWNERS_OF_A_BUSY_SERVER + ", 2000",
        PAIRS + ", 2300" // Each owner locks once; so their claims are swept.
    })
    void aLockAndItsUnlockTakeLittle(int owners, long bytesMax) {
        send(pairs(owners));
        long forPings = bytesOfPings(2 * PAIRS);
        List<ByteBuffer> pairs = pairs(owners);
        client.granted = 0;
        long forPairs = bytesOf(() -> send(pairs));

        assertThat(client.granted).isEqualTo(2 * PAIRS);
        long beyond = (forPairs - forPings) / PAIRS;
        assertTakes("a LOCK and its UNLOCK of " + owners + " owners", beyond, bytesMax);
    }

    /**
     * Two owners hand one lock to and fro: LOCK, answered BLOCKED; the other's UNLOCK; GRANTED_MSG
     * and its GRANTED_RES. What they hold on another file does not count. It was 7,300 bytes, and
     * 13,280 or, beside a thousand others, 129,600 when it looked at all that the owner had.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void handingALockOverTakesLittle(int elsewhere) {
        long beyond = bytesOfACycle(elsewhere, 3, this::handOvers, this::handOver);
        assertThat(client.calledBack).isEqualTo(CYCLES);
        assertTakes("a lock handed over, beside " + elsewhere + " others", beyond, 9_700);
    }

    /**
     * LOCK, answered BLOCKED, and its CANCEL. It was 3,330 bytes, and 9,690 or 123,600 when it
     * looked at all that the owner had.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void givingARequestUpTakesLittle(int elsewhere) {
        long beyond = bytesOfACycle(elsewhere, 2, this::cancels, this::send);
        assertThat(client.granted).isEqualTo(CYCLES);
        assertTakes("a LOCK given up, beside " + elsewhere + " others", beyond, 4_400);
    }

    /**
     * Beyond its calls, beside so many locks of both owners on another file; each cycle begins with
     * a LOCK that is answered BLOCKED.
     */
    private long bytesOfACycle(
            int elsewhere,
            int calls,
            Supplier<List<ByteBuffer>> cycles,
            Consumer<List<ByteBuffer>> run) {
        holdElsewhere(elsewhere);
        send(List.of(client.lock(BareClient.describe(World.FILE, 0, 0), false)));
        run.accept(cycles.get());
        long forPings = bytesOfPings(calls * CYCLES);
        List<ByteBuffer> counted = cycles.get();
        client.blocked = 0;
        client.calledBack = 0;
        client.granted = 0;
        long forCycles = bytesOf(() -> run.accept(counted));

        assertThat(client.blocked).isEqualTo(CYCLES);
        return (forCycles - forPings) / CYCLES;
    }

    private static void assertTakes(String what, long bytes, long bytesMax) {
        System.out.println(what + ", beyond NULL calls: " + bytes + " bytes");
        assertThat(bytes).isLessThan(bytesMax);
    }

    private List<ByteBuffer> pairs(int owners) {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            WireLock lock = BareClient.describe(World.FILE, i, i % owners);
            messages.add(client.lock(lock, false));
            messages.add(client.unlock(lock));
        }
        return messages;
    }

    /** Both owners hold bytes of another file, no two of which touch. */
    private void holdElsewhere(int locks) {
        for (int i = 0; i < locks; i++) {
            WireLock lock = BareClient.describe(World.OTHER_FILE, 2 * i, i % 2);
            send(List.of(client.lock(lock, false)));
        }
        assertThat(client.granted).isEqualTo(2 + locks);
    }

    private List<ByteBuffer> handOvers() {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            messages.add(client.lock(BareClient.describe(World.FILE, 0, 1 - i % 2), true));
            messages.add(client.unlock(BareClient.describe(World.FILE, 0, i % 2)));
            messages.add(client.grantedResult());
        }
        return messages;
    }

    private void handOver(List<ByteBuffer> messages) {
        for (int i = 0; i < messages.size(); i += 3) {
            send(messages.subList(i, i + 2));
            client.acknowledge(messages.get(i + 2), PAUSE);
        }
    }

    private List<ByteBuffer> cancels() {
        WireLock lock = BareClient.describe(World.FILE, 0, 1);
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            messages.add(client.lock(lock, true));
            CancelArgs args = new CancelArgs(client.newCookie(), true, true, lock);
            messages.add(client.call(V4.cancel().call(), args));
        }
        return messages;
    }

    private void send(List<ByteBuffer> messages) {
        client.send(messages, PAUSE);
    }

    /** After as many that do not count: classes are loaded, arrays have grown. */
    private long bytesOfPings(int count) {
        send(pings(count));
        List<ByteBuffer> pings = pings(count);
        return bytesOf(() -> send(pings));
    }

    private List<ByteBuffer> pings(int count) {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(client.call(V4.ping(), Nothing.NOTHING));
        }
        return messages;
    }

    private static long bytesOf(Runnable code) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        code.run();
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
