package org.oncrpckit.benchmarks.server;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrWriter;

/**
 * Calls over UDP with the duplicate request cache and without, in turns, 32 in flight, by a loop in
 * this very process. Prints medians of the processor time that the I/O thread, the server's only
 * one here, spends on a call, and the bytes that it allocates.
 */
public final class DuplicateCache {
    private static final ProgramVersion PROGRAM = new ProgramVersion(0x2000_0099, 1);
    private static final Procedure<Integer, Integer> REMEMBERED =
            new Procedure<>(PROGRAM, 1, "REMEMBERED", XdrCodecs.INT, XdrCodecs.INT);
    private static final Procedure<Integer, Integer> REPEATED =
            new Procedure<>(PROGRAM, 2, "REPEATED", XdrCodecs.INT, XdrCodecs.INT);
    private static final int IN_FLIGHT = 32;

    /** Where the xid lies in a message. */
    private static final int XID = 0;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static int xid;

    private DuplicateCache() {}

    /** Arguments: rounds (default 15) and calls a round (default 200,000). */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        RpcProgram program =
                RpcProgram.builder(PROGRAM.program(), "bench")
                        .procedure(REMEMBERED, (call, number) -> number)
                        .idempotent(REPEATED, (call, number) -> number)
                        .build();
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = RpcServer.builder(sockets.platform()).program(program).build();
                DatagramChannel load = DatagramChannel.open()) {
            Endpoint endpoint =
                    sockets.platform()
                            .network()
                            .bindDatagram(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.attach(endpoint);
            load.connect(endpoint.localAddress());
            double[] with = new double[rounds];
            double[] without = new double[rounds];
            round(load, REMEMBERED, calls);
            round(load, REPEATED, calls);
            for (int i = 0; i < rounds; i++) {
                with[i] = round(load, REMEMBERED, calls);
                without[i] = round(load, REPEATED, calls);
            }
            System.out.printf(
                    "I/O thread: %,.0f ns a call with, %,.0f ns without; rate with / without"
                            + " %.2f%n",
                    median(with), median(without), median(without) / median(with));
            System.out.printf(
                    "allocated: %,d bytes a call with, %,d without%n",
                    allocated(load, REMEMBERED, calls), allocated(load, REPEATED, calls));
            System.out.println(server.statistics());
        }
    }

    /** Processor time of the I/O thread for a call, in nanoseconds. */
    private static double round(DatagramChannel load, Procedure<?, ?> procedure, int calls)
            throws IOException {
        XdrWriter writer = new XdrWriter();
        new CallHeader(0, PROGRAM, procedure.number()).encode(writer);
        writer.writeInt(42);
        ByteBuffer call = ByteBuffer.allocateDirect(writer.position()).put(writer.toByteBuffer());
        ByteBuffer reply = ByteBuffer.allocateDirect(1024);
        long begin = io(THREADS::getThreadCpuTime);
        for (int i = 0; i < calls + IN_FLIGHT; i++) {
            if (i >= IN_FLIGHT) {
                load.read(reply.clear());
            }
            if (i < calls) {
                load.write(call.putInt(XID, xid++).rewind());
            }
        }
        return (double) (io(THREADS::getThreadCpuTime) - begin) / calls;
    }

    private static long allocated(DatagramChannel load, Procedure<?, ?> procedure, int calls)
            throws IOException {
        long before = io(THREADS::getThreadAllocatedBytes);
        round(load, procedure, calls);
        return (io(THREADS::getThreadAllocatedBytes) - before) / calls;
    }

    /** The sum over all I/O threads. */
    private static long io(LongUnaryOperator ofThread) {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().contains("oncrpckit"))
                .mapToLong(thread -> ofThread.applyAsLong(thread.getThreadId()))
                .sum();
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
