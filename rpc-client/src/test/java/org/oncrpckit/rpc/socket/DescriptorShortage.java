package org.oncrpckit.rpc.socket;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * A program of its own, because it uses up all file descriptors of its process: says on stdout
 * whether a listener accepts during the shortage, whether it does afterwards, how much processor
 * time its threads burn in between, as a percentage of what a thread gets that never rests, and
 * what else fails with meanwhile.
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
            Network network = sockets.platform().network();
            SocketAddress elsewhere =
                    network.listen(
                                    new InetSocketAddress(Messages.address("127.0.0.2"), 0),
                                    endpoint -> {})
                            .localAddress();
            refusals(network, elsewhere);
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
            List<String> refusals = refusals(network, elsewhere);
            boolean during = second.await(SHORTAGE.toMillis(), TimeUnit.MILLISECONDS);
            long burnt = ownNanos(cpu) - before;
            long restlessBurnt = cpu.getThreadCpuTime(restless.getId());
            for (Closeable file : files) {
                file.close();
            }
            boolean after = second.await(10, TimeUnit.SECONDS);
            System.out.printf("%b %b %d %%%n", during, after, burnt * 100 / restlessBurnt);
            refusals.forEach(System.out::println);
        }
    }

    /** What opening anything fails with. */
    private static List<String> refusals(Network network, SocketAddress remote) {
        InetSocketAddress any = new InetSocketAddress(Messages.address("127.0.0.2"), 0);
        List<String> refusals = new ArrayList<>();
        try {
            network.bindDatagram(any);
        } catch (IOException e) {
            refusals.add(e.getMessage());
        }
        try {
            network.listen(any, endpoint -> {});
        } catch (IOException e) {
            refusals.add(e.getMessage());
        }
        try {
            // Stays open: its end would give descriptors back some time later.
            var unused = network.connect(remote, any, Duration.ofSeconds(10)).join();
        } catch (CompletionException e) {
            refusals.add(e.getCause().getMessage());
        }
        return refusals;
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
