package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.oncrpckit.rpc.client.Peer.Place;

/**
 * The window of one host and the queue behind it, in interleavings of Lincheck's choice: calls are
 * submitted, answered, cancelled and lost at the same time.
 *
 * <p>Which thread starts a call is left open, so results say nothing. What must hold is looked at
 * when all threads have ended: each slot belongs to one call that waits for a reply, and no call
 * waits for its turn beside a free slot.
 */
@Param(name = "own", gen = ThreadIdGen.class)
@Param(name = "place", gen = IntGen.class, conf = "0:3")
public class WindowLinearizabilityTest {
    private static final int PLACES = 5;
    private static final int IN_FLIGHT_MAX = 2;
    private static final int QUEUED_MAX = 2;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final ClientContext context =
            world.context(ClientLimits.DEFAULT.withPerHost(IN_FLIGHT_MAX, QUEUED_MAX));
    private final DatagramPeer peer = new DatagramPeer(context, SimulatedWorld.socket(1));
    private final CallChannel channel = openChannel();
    private final AtomicReferenceArray<@Nullable Call<String>> calls =
            new AtomicReferenceArray<>(PLACES);

    private CallChannel openChannel() {
        InetSocketAddress anyPort = new InetSocketAddress(SimulatedWorld.CLIENT, 0);
        try {
            return new CallChannel(context, world.clientHost.bindDatagram(anyPort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Submits a call unless the one before it in the thread's place runs still. */
    @Operation
    public void submit(@Param(name = "own") int own) {
        Call<String> before = calls.get(own);
        if (before != null && !before.hasEnded()) {
            return;
        }
        peer.use();
        Call<String> call =
                new Call<>(
                        context,
                        SimulatedWorld.udp(1),
                        CallMessage.of(Echo.ECHO, "", CallOptions.DEFAULT, false),
                        peer);
        calls.set(own, call);
        call.routeThrough(channel);
        peer.submit(call);
        checkWindow();
    }

    /** A reply comes; to a call that waits for its turn none can. */
    @Operation
    public void reply(@Param(name = "place") int place) {
        Call<String> call = calls.get(place);
        if (call != null && placeOf(call) == Place.IN_FLIGHT) {
            call.replied(SimulatedWorld.socket(1), Echo.reply(1, ""));
        }
        checkWindow();
    }

    /** The caller gives up. */
    @Operation
    public void cancel(@Param(name = "place") int place) {
        Call<String> call = calls.get(place);
        if (call != null) {
            call.cancel(false);
        }
        checkWindow();
    }

    /** A time-out makes the window smaller. */
    @Operation
    public void lose() {
        long now = context.nanoTime();
        peer.lost(Retransmission.ADAPTIVE, now, 1);
        checkWindow();
    }

    private void checkWindow() {
        synchronized (peer) {
            require(peer.inFlight() <= IN_FLIGHT_MAX, peer.inFlight() + " in flight");
            require(peer.waiting.size() <= QUEUED_MAX, peer.waiting.size() + " queued");
        }
    }

    private Place placeOf(Call<?> call) {
        synchronized (peer) {
            return call.place;
        }
    }

    /** When all threads have ended. */
    @Validate
    public void everySlotIsUsedAndByOne() {
        synchronized (peer) {
            check();
        }
    }

    @GuardedBy("peer")
    private void check() {
        int inFlight = 0;
        int queued = 0;
        for (int i = 0; i < PLACES; i++) {
            Call<String> call = calls.get(i);
            if (call == null) {
                continue;
            }
            require(call.isDone() == call.hasEnded(), "ended, and its future is not");
            require((call.place == Place.NONE) == call.hasEnded(), "a call at " + call.place);
            inFlight += call.place == Place.IN_FLIGHT ? 1 : 0;
            queued += call.place == Place.QUEUED ? 1 : 0;
        }
        require(inFlight == peer.inFlight(), inFlight + " in flight, slots " + peer.inFlight());
        require(inFlight == channel.pending(), inFlight + " in flight, xids " + channel.pending());
        require(queued == peer.waiting.size(), queued + " wait, queued " + peer.waiting.size());
        require(queued == 0 || inFlight >= peer.window(), queued + " wait beside a free slot");
        require(inFlight + queued == peer.users(), peer.users() + " users");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Test
    void stress() {
        Interleavings.stress(WindowLinearizabilityTest.class);
    }

    /** Half a minute on a quiet machine, so only on request. */
    @Test
    @EnabledIfSystemProperty(named = "scenarios", matches = "\\d+")
    @Timeout(3600)
    void modelChecking() {
        Interleavings.search(WindowLinearizabilityTest.class);
    }
}
