package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * What a burst of new hosts costs on a real disk. The figures are printed, the syncs are counted.
 */
class GroupCommitTest {
    private static final int HOSTS = Integer.getInteger("nsm.burst", 1000);
    private static final int ROUNDS = Integer.getInteger("nsm.rounds", 3);

    /** A first batch of whoever comes first, and one for each thousand that waited meanwhile. */
    private static final int SYNCS_MAX = 4 + 4 * (HOSTS / StoreWorker.BATCH_MAX + 1);

    @TempDir Path root;

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final SimulatedHost here = network.host(Hosts.SERVER);

    /** Counts what waits for the disk. */
    private static final class CountedSyncs extends DiskSteps {
        private final AtomicInteger syncs = new AtomicInteger();

        @Override
        public void syncFile(Path file) throws IOException {
            syncs.incrementAndGet();
            super.syncFile(file);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            syncs.incrementAndGet();
            super.syncFolder(folder);
        }
    }

    @Test
    void thousandNewHostsAtOnceShareAFewSyncs() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path folder = root.resolve("burst-" + round);
            CountedSyncs disk = new CountedSyncs();
            FileNsmStore store = FileNsmStore.open(folder, disk, InstantSource.system());
            try (NsmService monitor = open(store)) {
                HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
                int before = disk.syncs.get();
                List<CompletableFuture<Long>> waits = new ArrayList<>();
                long began = System.nanoTime();
                for (int i = 0; i < HOSTS; i++) {
                    long asked = System.nanoTime();
                    waits.add(
                            hosts.monitor(Hosts.monitored(Hosts.client(i)))
                                    .toCompletableFuture()
                                    .thenApply(nothing -> System.nanoTime() - asked));
                }
                CompletableFuture.allOf(waits.toArray(CompletableFuture<?>[]::new)).join();
                long all = System.nanoTime() - began;
                int syncs = disk.syncs.get() - before;
                print(HOSTS + " hosts at once: " + syncs + " syncs", all, waits);
                assertThat(syncs).isLessThanOrEqualTo(SYNCS_MAX);
                assertThat(monitor.monitoredHosts()).isEqualTo(HOSTS);
            }
            try (FileNsmStore after = FileNsmStore.open(folder)) {
                assertThat(after.retire()).hasSize(HOSTS);
            }
        }
    }

    @Test
    void hostsOneAfterTheOtherWaitForOneSyncEach() throws Exception {
        CountedSyncs disk = new CountedSyncs();
        Path folder = root.resolve("single");
        try (NsmService monitor = open(FileNsmStore.open(folder, disk, InstantSource.system()))) {
            HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
            hosts.monitor(Hosts.monitored(Hosts.client(0))).toCompletableFuture().join();
            int before = disk.syncs.get();
            List<CompletableFuture<Long>> waits = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 1; i <= 200; i++) {
                long asked = System.nanoTime();
                hosts.monitor(Hosts.monitored(Hosts.client(i))).toCompletableFuture().join();
                waits.add(CompletableFuture.completedFuture(System.nanoTime() - asked));
                assertThat(folder.resolve("sm/" + Hosts.client(i).getHostAddress())).exists();
            }
            print("200 hosts in turn", System.nanoTime() - began, waits);
            assertThat(disk.syncs.get() - before).isEqualTo(200);
        }
    }

    @Test
    void journalIsEmptiedWhenThereIsTimeAndTheFilesAreDurableThen() throws Exception {
        Path folder = root.resolve("idle");
        FileNsmStore store = FileNsmStore.open(folder);
        StoreWorker worker = new StoreWorker(store, Runnable::run, time, List.of(), List.of());
        for (int i = 0; i < 40; i++) {
            HostRecord record = Hosts.record(Hosts.client(i));
            worker.enqueue(Section.MONITORED, record.address(), none -> Optional.of(record));
        }
        worker.kick();
        assertThat(folder.resolve("journal")).isNotEmptyFile();
        time.advance(StoreWorker.SETTLE_AFTER);
        assertThat(store.isSettled()).isTrue();
        assertThat(folder.resolve("journal")).isEmptyFile();
        assertThat(folder.resolve("sm").toFile().list()).hasSize(40);
        store.close();
    }

    private static void print(String what, long nanos, List<CompletableFuture<Long>> waits) {
        long[] sorted = waits.stream().mapToLong(CompletableFuture::join).sorted().toArray();
        System.out.printf(
                "%s, %d us in all, p50 %d us, p99 %d us%n",
                what,
                nanos / 1000,
                sorted[sorted.length / 2] / 1000,
                sorted[sorted.length * 99 / 100] / 1000);
    }

    private NsmService open(NsmStore store) throws IOException {
        RpcPlatform platform = network.platform(here);
        RpcClient client = RpcClient.builder(platform).build();
        return NsmService.builder(platform, client, new RpcbindClient(client)).open(store);
    }
}
