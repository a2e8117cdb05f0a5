package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrWriter;

/**
 * What a LOCK and its UNLOCK take from the heap beyond what their calls would take anyway: the same
 * number whether or not the code is compiled, as long as that is not by the best of compilers.
 */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final InetAddress CLIENT = World.address("10.0.1.1");
    private static final NlmVersion V4 = NlmVersion.V4;
    private static final int PAIRS = 3_000;
    private static final int OWNERS_OF_A_BUSY_SERVER = 32;
    private static final int MESSAGE_BYTES = 200;

    private final World world = new World();
    private final Endpoint client = bound();
    private final OpaqueAuth credential = new OpaqueAuth(1, Opaque.copyOf(new byte[20]));
    private int calls;
    private int granted;

    /**
     * The limits leave a third: interpreted, so that no object is optimized away, it was 1,520 and
     * 1,740 bytes when this was written.
     */
    @ParameterizedTest
    @CsvSource({
        OWNERS_OF_A_BUSY_SERVER + ", 2000",
        PAIRS + ", 2300" // Each owner locks once; so their claims are swept.
    })
    void aLockAndItsUnlockTakeLittle(int owners, long bytesMax) {
        world.start();
        client.receiveReplies((origin, from, reply) -> granted += isGranted(reply) ? 1 : 0);
        send(List.of(call(V4.lock().call(), lock(0, 0)))); // The client is made known.
        send(pairs(owners));
        send(pings()); // Classes are loaded, arrays have grown.

        List<ByteBuffer> pings = pings();
        long forPings = bytesOf(() -> send(pings));
        List<ByteBuffer> pairs = pairs(owners);
        granted = 0;
        long forPairs = bytesOf(() -> send(pairs));

        assertThat(granted).isEqualTo(2 * PAIRS);
        long beyond = (forPairs - forPings) / PAIRS;
        System.out.println(
                "a LOCK and its UNLOCK of %d owners, beyond two NULL calls: %d bytes"
                        .formatted(owners, beyond));
        assertThat(beyond).isLessThan(bytesMax);
    }

    private void send(List<ByteBuffer> messages) {
        InetSocketAddress server = new InetSocketAddress(World.SERVER, World.NLM_PORT);
        for (ByteBuffer each : messages) {
            client.send(server, each);
            world.time.advance(World.SECOND_1);
        }
        world.sent.clear();
    }

    private List<ByteBuffer> pairs(int owners) {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            messages.add(call(V4.lock().call(), lock(i, i % owners)));
            messages.add(
                    call(V4.unlock().call(), new UnlockArgs(cookie(), description(i, i % owners))));
        }
        return messages;
    }

    private List<ByteBuffer> pings() {
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < 2 * PAIRS; i++) {
            messages.add(call(V4.ping(), Nothing.NOTHING));
        }
        return messages;
    }

    /** A message of one length, whichever call it is: a server ignores what is behind it. */
    private <A> ByteBuffer call(Procedure<A, ?> procedure, A args) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(
                        ++calls,
                        procedure.programVersion(),
                        procedure.number(),
                        credential,
                        OpaqueAuth.NONE)
                .encode(writer);
        procedure.arguments().encode(writer, args);
        writer.writeFixedBytes(new byte[MESSAGE_BYTES - writer.position()]);
        return writer.toByteBuffer();
    }

    private LockArgs lock(int number, int svid) {
        return new LockArgs(cookie(), false, true, description(number, svid), false, 3);
    }

    private static WireLock description(int number, int svid) {
        Opaque owner = Opaque.ofUtf8(svid + "@client1");
        return new WireLock(HostName.of("client1"), World.FILE, owner, svid, number, 1);
    }

    private Opaque cookie() {
        return Opaque.copyOf((byte) (calls >> 16), (byte) (calls >> 8), (byte) calls);
    }

    private static boolean isGranted(ByteBuffer reply) {
        return reply.remaining() > 28
                && reply.getInt(reply.limit() - 4) == NlmStatus.GRANTED.number();
    }

    private static long bytesOf(Runnable code) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        code.run();
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    private Endpoint bound() {
        try {
            return world.network.host(CLIENT).bindDatagram(new InetSocketAddress(CLIENT, 900));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
