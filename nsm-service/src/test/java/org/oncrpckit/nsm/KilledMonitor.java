package org.oncrpckit.nsm;

import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.rpc.simulation.VirtualTime;

/**
 * A process that works on a state folder until it is killed, and says on stdout what it begins
 * ("begin+ HOST") and what is promised ("done+ HOST"; "-" for the end of a host).
 */
final class KilledMonitor {
    private static final int BURST_MAX = 60;

    private final Random random;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    private final List<InetAddress> monitored = new ArrayList<>();
    private final List<InetAddress> toNotify = new ArrayList<>();

    private KilledMonitor(long seed) {
        random = new Random(seed);
    }

    /**
     * Never ends by itself.
     *
     * @param arguments folder, number of this life, seed
     */
    public static void main(String[] arguments) throws Exception {
        int life = Integer.parseInt(arguments[1]);
        new KilledMonitor(Long.parseLong(arguments[2]) + life).run(Path.of(arguments[0]), life);
    }

    private void run(Path folder, int life) throws Exception {
        FileNsmStore store = FileNsmStore.open(folder);
        out.println("state " + store.nextState());
        List<HostRecord> former = store.retire();
        former.forEach(record -> toNotify.add(record.address()));
        ExecutorService disk = Executors.newSingleThreadExecutor();
        VirtualTime time = new VirtualTime();
        StoreWorker worker = new StoreWorker(store, disk, time, former, List.of());
        for (int host = 0; ; ) {
            List<CompletableFuture<Void>> changes = new ArrayList<>();
            int burst = random.nextInt(3) == 0 ? random.nextInt(BURST_MAX) : 1;
            for (int i = 0; i < burst; i++) {
                int n = host++;
                InetAddress address = Hosts.address("10." + life + "." + n / 256 + "." + n % 256);
                HostRecord record = Hosts.record(address);
                changes.add(change(worker, Section.MONITORED, address, "+", Optional.of(record)));
                monitored.add(address);
            }
            end(worker, Section.MONITORED, monitored, changes);
            end(worker, Section.TO_NOTIFY, toNotify, changes);
            worker.kick();
            CompletableFuture.allOf(changes.toArray(CompletableFuture<?>[]::new)).get();
            if (random.nextInt(5) == 0) {
                time.advance(StoreWorker.SETTLE_AFTER);
            }
        }
    }

    /** Ends one that this life or an earlier one has left. */
    private void end(
            StoreWorker worker,
            Section section,
            List<InetAddress> of,
            List<CompletableFuture<Void>> changes) {
        if (!of.isEmpty() && random.nextInt(3) == 0) {
            InetAddress address = of.remove(random.nextInt(of.size()));
            changes.add(change(worker, section, address, "-", Optional.empty()));
        }
    }

    private CompletableFuture<Void> change(
            StoreWorker worker,
            Section section,
            InetAddress address,
            String sign,
            Optional<HostRecord> becomes) {
        out.println("begin" + sign + " " + address.getHostAddress());
        return worker.enqueue(section, address, record -> becomes)
                .toCompletableFuture()
                .thenRun(() -> out.println("done" + sign + " " + address.getHostAddress()));
    }
}
