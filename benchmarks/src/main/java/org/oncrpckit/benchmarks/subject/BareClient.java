package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * What one {@code DatagramChannel} allows: a thread that sends a call for every reply it receives,
 * and looks at nothing but the xid.
 */
public final class BareClient implements Load.Client {
    private static final int BUFFER_BYTES = 1 << 16;

    private BareClient() {}

    /** Serves loads from standard input. */
    public static void main(String[] arguments) throws Exception {
        Load.serve(new BareClient(), arguments);
    }

    @Override
    public Load.Result run(Load load) throws IOException {
        if (!load.transport().equals("udp")) {
            throw new IllegalArgumentException(load.transport() + " (expected: udp)");
        }
        InetSocketAddress[] hosts = new InetSocketAddress[load.hosts()];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = load.host(i);
        }
        long[] sent = new long[load.inFlight()];
        Latencies latencies = new Latencies();
        long started = System.nanoTime();
        long ends = started + (long) (load.seconds() * 1e9);
        long now = started;
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(0));
            ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
            ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
            int next = 0;
            for (int slot = 0; slot < sent.length; slot++) {
                sent[slot] = now;
                channel.send(call(out, slot), hosts[next++ % hosts.length]);
            }
            while (now < ends) {
                channel.receive(in.clear());
                int slot = in.getInt(0);
                now = System.nanoTime();
                latencies.add(now - sent[slot]);
                sent[slot] = now;
                channel.send(call(out, slot), hosts[(next++ & Integer.MAX_VALUE) % hosts.length]);
            }
        }
        return new Load.Result(latencies, 0, (now - started) / 1e9);
    }

    private static ByteBuffer call(ByteBuffer to, int xid) {
        to.clear();
        to.putInt(xid).putInt(0).putInt(2);
        to.putInt(NullProtocol.VERSION.program()).putInt(NullProtocol.VERSION.version()).putInt(0);
        return to.putLong(0).putLong(0).flip();
    }
}
