package org.oncrpckit.rpc.socket;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * A program of its own, because it uses up all file descriptors of its process: says on stdout
 * whether a listener accepts during the shortage, whether it does afterwards, and how much
 * processor time its threads burn in between, as a percentage of what a thread gets that never
 * rests.
 */
final class DescriptorShortage {
    private static final Duration SHORTAGE = Duration.ofSeconds(1);

    private DescriptorShortage() {}

    public static void main(String[] args) throws Exception {
        // What is loaded later needs descriptors too.
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
        ownNanos(cpu);
        Thread restless = new Thread(DescriptorShortage::spin);
        restless.setDaemon(true);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        try (SocketPlatform sockets = SocketPlatform.open();
                SocketChannel early = SocketChannel.open();
                SocketChannel late = SocketChannel.open()) {
            StreamListener listener =
                    sockets.platform()
                            .network()
                            .listen(
                                    new InetSocketAddress(Messages.address("127.0.0.1"), 0),
                                    endpoint -> {
                                        first.countDown();
                                        second.countDown();
                                    });
            early.connect(listener.localAddress());
            first.await();
            List<Closeable> files = new ArrayList<>();
            try {
                while (true) {
                    files.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException outOfDescriptors) {
                late.connect(listener.localAddress());
            }
            restless.start();
            long before = ownNanos(cpu);
            boolean during = second.await(SHORTAGE.toMillis(), TimeUnit.MILLISECONDS);
            long burnt = ownNanos(cpu) - before;
            long restlessBurnt = cpu.getThreadCpuTime(restless.getId());
            for (Closeable file : files) {
                file.close();
            }
            boolean after = second.await(10, TimeUnit.SECONDS);
            System.out.printf("%b %b %d %%%n", during, after, burnt * 100 / restlessBurnt);
        }
    }

    private static void spin() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** Processor time of the threads of this project. */
    private static long ownNanos(ThreadMXBean cpu) {
        long sum = 0;
        for (ThreadInfo thread : cpu.getThreadInfo(cpu.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("oncrpckit-")) {
                sum += Math.max(0, cpu.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sum;
    }
}
