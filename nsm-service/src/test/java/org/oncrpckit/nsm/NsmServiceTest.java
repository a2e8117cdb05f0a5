package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.RpcPlatform;

/** The monitor with a real disk and its own store thread. */
class NsmServiceTest {
    private static final int THREADS = 4;
    private static final int HOSTS = 100;

    @TempDir Path folder;

    private final SimulatedNetwork network = new SimulatedNetwork(new VirtualTime(), 1);
    private final SimulatedHost here = network.host(Hosts.SERVER);

    @Test
    void aStoreThatIsBusyIsClosedByItsOwnThreadWhenItHasFinished() throws Exception {
        WatchedStore store = new WatchedStore();
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        NsmService monitor = open(store);
        store.beforeSync =
                () -> {
                    syncing.countDown();
                    Uninterruptibles.awaitUninterruptibly(slow);
                };
        var unused =
                monitor.monitorFor("locks", notice -> {}).monitor(Hosts.monitored(Hosts.client(1)));
        syncing.await();
        Thread.currentThread().interrupt(); // Or this would wait for 10 s.
        monitor.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.closedBy).as("closed while it is used by its thread").isEmpty();
        slow.countDown();
        await().until(() -> store.closedBy.equals("nsm-store"));
    }

    @Test
    void aStoreOnAnExecutorOfItsOwnersIsClosedThereBehindAllThatWaitsAndNotUsedAgain()
            throws Exception {
        WatchedStore store = new WatchedStore();
        ExecutorService disk =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "owner's"));
        try {
            NsmService monitor = open(store, builder -> builder.storeExecutor(disk));
            HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
            CompletionStage<Void> waiting = hosts.monitor(Hosts.monitored(Hosts.client(1)));
            monitor.close();
            assertThat(waiting).isCompleted();
            assertThat(store.closedBy).isEqualTo("owner's");
            List<String> before = List.copyOf(store.steps);
            assertThat(hosts.monitor(Hosts.monitored(Hosts.client(2))).toCompletableFuture())
                    .isCompletedExceptionally();
            assertThat(store.steps).isEqualTo(before);
        } finally {
            disk.shutdownNow();
        }
    }

    @Test
    void aStoreWhoseExecutorHasEndedIsClosedAllTheSame() throws Exception {
        WatchedStore store = new WatchedStore();
        ExecutorService disk = Executors.newSingleThreadExecutor();
        NsmService monitor = open(store, builder -> builder.storeExecutor(disk));
        disk.shutdown();
        monitor.close();
        assertThat(store.closedBy).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void hostsMonitoredFromManyThreadsAreAllThereAfterTheNextStart() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        int firstState;
        try (NsmService monitor = open(FileNsmStore.open(folder))) {
            firstState = monitor.state();
            HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                all.add(threads.submit(() -> monitorAndEndSome(hosts, thread)));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(monitor.monitoredHosts()).isEqualTo(HOSTS / 2);
        } finally {
            threads.shutdownNow();
        }
        try (NsmService monitor = open(FileNsmStore.open(folder))) {
            assertThat(monitor.state()).isEqualTo(firstState + 2);
            assertThat(monitor.formerlyMonitored())
                    .hasSize(HOSTS / 2)
                    .allMatch(host -> host.address().getAddress()[3] % 2 == 0);
            assertThat(monitor.monitoredHosts()).isZero();
        }
    }

    /** Every thread monitors every host; odd ones are ended by all, so nobody wants them. */
    private static Void monitorAndEndSome(HostMonitor hosts, int thread) throws Exception {
        for (int i = 0; i < HOSTS; i++) {
            int host = (i + thread * 7) % HOSTS;
            hosts.monitor(Hosts.monitored(Hosts.client(host))).toCompletableFuture().get();
        }
        for (int i = 1; i < HOSTS; i += 2) {
            hosts.unmonitor(Hosts.client(i)).toCompletableFuture().get();
        }
        return null;
    }

    @Test
    void fullDiskRefusesNewHostsAndKeepsTheOthers() throws Exception {
        FailingSteps disk = new FailingSteps(Integer.MAX_VALUE);
        try (NsmService monitor = open(FileNsmStore.open(folder, disk, InstantSource.system()))) {
            HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
            hosts.monitor(Hosts.monitored(Hosts.client(1))).toCompletableFuture().get();
            disk.full = true;
            CompletableFuture<Void> refused =
                    hosts.monitor(Hosts.monitored(Hosts.client(2))).toCompletableFuture();
            assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(MonitorException.class)
                    .hasMessageContaining("10.99.1.2")
                    .hasMessageContaining("No space left");
            assertThat(hosts.monitor(Hosts.monitored(Hosts.client(1))).toCompletableFuture())
                    .isCompleted();
        }
        try (NsmService monitor = open(FileNsmStore.open(folder))) {
            assertThat(monitor.formerlyMonitored())
                    .extracting(FormerHost::address)
                    .containsExactly(Hosts.client(1));
        }
    }

    @Test
    void fullDiskAtTheStartIsAFailureToStart() throws IOException {
        FailingSteps disk = new FailingSteps(Integer.MAX_VALUE);
        disk.full = true;
        try (FileNsmStore store = FileNsmStore.open(folder, disk, InstantSource.system())) {
            assertThatThrownBy(() -> open(store))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
        }
    }

    @Test
    void closedMonitorRefusesAndClosesItsStoreOnce() throws Exception {
        NsmService monitor = open(FileNsmStore.open(folder));
        HostMonitor hosts = monitor.monitorFor("locks", notice -> {});
        monitor.close();
        monitor.close();
        assertThat(hosts.monitor(Hosts.monitored(Hosts.client(1))).toCompletableFuture())
                .isCompletedExceptionally();
        FileNsmStore.open(folder).close();
    }

    private NsmService open(NsmStore store) throws IOException {
        return open(store, builder -> builder);
    }

    private NsmService open(NsmStore store, UnaryOperator<NsmService.Builder> settings)
            throws IOException {
        RpcPlatform platform = network.platform(here);
        RpcClient client = RpcClient.builder(platform).build();
        return settings.apply(NsmService.builder(platform, client, new RpcbindClient(client)))
                .open(store);
    }
}
