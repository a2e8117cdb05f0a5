package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.xdr.Opaque;

class MonitoredHostsTest {
    private static final InetAddress A = Hosts.client(1);
    private static final InetAddress B = Hosts.client(2);
    private static final int HOSTS_MAX = 1000;

    private final WatchedStore store = new WatchedStore();
    private final ArrayDeque<Runnable> diskWork = new ArrayDeque<>();
    private final StoreWorker worker =
            new StoreWorker(store, diskWork::add, new VirtualTime(), List.of(), List.of());
    private final MonitoredHosts hosts = new MonitoredHosts(worker, HOSTS_MAX, 7);
    private final List<RebootNotice> heardByLocks = new ArrayList<>();
    private final HostMonitor locks = hosts.open("locks", heardByLocks::add);
    private final HostMonitor other = hosts.open("other", notice -> {});

    @Test
    void monitorCompletesWhenTheHostIsOnTheDiskAndNotBefore() {
        CompletionStage<Void> done = monitor(locks, A);
        assertThat(done).isNotDone();
        assertThat(store.steps).isEmpty();
        runDiskWork();
        assertThat(done).isCompleted();
        assertThat(store.steps).containsExactly("save 10.99.1.1", "sync");
        assertThat(stored(A)).isPresent();
    }

    @Test
    void hostThatIsMonitoredAlreadyCostsNoDiskWork() {
        monitor(locks, A);
        runDiskWork();
        store.steps.clear();
        assertThat(monitor(locks, A)).isCompleted();
        MonitoredHost renamed =
                new MonitoredHost(A, HostName.of("other-name"), Hosts.SERVER, Hosts.SERVER_NAME);
        assertThat(locks.monitor(renamed)).isCompleted();
        assertThat(diskWork).isEmpty();
        assertThat(store.steps).isEmpty();
    }

    @Test
    void hostThatUsesASecondLocalAddressIsNotifiedFromBoth() {
        monitor(locks, A);
        locks.monitor(
                new MonitoredHost(
                        A, HostName.of("client"), Hosts.address("10.99.0.2"), Hosts.SERVER_NAME));
        runDiskWork();
        assertThat(stored(A).orElseThrow().contacts()).hasSize(2);
    }

    @Test
    void burstOfHostsSharesItsSyncs() {
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < HOSTS_MAX; i++) {
            all.add(monitor(locks, Hosts.client(i)));
        }
        runDiskWork();
        assertThat(all).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(store.steps.stream().filter("sync"::equals)).hasSizeLessThanOrEqualTo(4);
        assertThat(hosts.count()).isEqualTo(HOSTS_MAX);
    }

    @Test
    void fullDiskIsARefusalThatChangesNothingAndPasses() {
        store.full = true;
        CompletionStage<Void> refused = monitor(locks, A);
        runDiskWork();
        assertRefused(refused, "No space left");
        assertThat(hosts.isMonitored(A)).isFalse();
        store.full = false;
        CompletionStage<Void> done = monitor(locks, A);
        runDiskWork();
        assertThat(done).isCompleted();
        assertThat(hosts.isMonitored(A)).isTrue();
    }

    @Test
    void hostThatIsStoredByTheSecondAttemptIsHeardOf() {
        List<CompletionStage<Void>> second = new ArrayList<>();
        store.syncFails = true;
        store.beforeSync =
                () -> {
                    if (second.isEmpty()) {
                        second.add(monitor(locks, A));
                    }
                };
        CompletionStage<Void> first =
                monitor(locks, A).whenComplete((nothing, failure) -> store.syncFails = false);
        runDiskWork();
        assertRefused(first, "Input/output error");
        assertThat(second.get(0)).isCompleted();
        RebootNotice notice = new RebootNotice(A, HostName.of("a"), 3);
        hosts.announce(notice);
        assertThat(heardByLocks).containsExactly(notice);
    }

    @Test
    void callBackThatIsNotStoredYetIsRemovedAllTheSame() {
        Contact callBack = Hosts.callBack("client", 100021);
        for (Optional<InetAddress> only : List.of(Optional.of(A), Optional.<InetAddress>empty())) {
            CompletionStage<Void> added = hosts.addCallBack(A, callBack);
            CompletionStage<Void> removed = hosts.removeCallBacks(only, callBack::sameWay);
            runDiskWork();
            assertThat(added).isCompleted();
            assertThat(removed).isCompleted();
            assertThat(hosts.isMonitored(A)).as("removed from %s", only).isFalse();
        }
    }

    @Test
    void callBackFromBeforeTheRestartIsKeptUntilItsServiceAsksAgainOrEndsIt() {
        Contact before = Hosts.callBack("client", 100021);
        HostRecord kept = new HostRecord(A, List.of(before, Hosts.callBack("client", 100099)));
        StoreWorker restarted =
                new StoreWorker(store, diskWork::add, new VirtualTime(), List.of(), List.of(kept));
        MonitoredHosts after = new MonitoredHosts(restarted, HOSTS_MAX, 9);
        assertThat(after.isMonitored(A)).isTrue();

        CallBack old = before.callBack().orElseThrow();
        byte[] priv = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        Contact now =
                new Contact(
                        before.name(),
                        before.localAddress(),
                        before.localName(),
                        Optional.of(
                                new CallBack(
                                        old.program(),
                                        old.version(),
                                        old.procedure(),
                                        Opaque.copyOf(priv))),
                        0,
                        false);
        after.addCallBack(A, now);
        runDiskWork();
        assertThat(after.callBacks(A)).containsExactly(now, kept.contacts().get(1));

        after.removeCallBacks(Optional.empty(), before::sameWay);
        runDiskWork();
        assertThat(after.callBacks(A)).containsExactly(kept.contacts().get(1));
    }

    @Test
    void refusalLeavesNoInterestWhoeverElseWasRefusedOrHasACallBack() {
        store.full = true;
        monitor(locks, A);
        CompletionStage<Void> refused = monitor(other, A);
        runDiskWork();
        assertRefused(refused, "No space left");
        assertThat(hosts.isMonitored(A)).isFalse();

        store.full = false;
        hosts.addCallBack(A, Hosts.callBack("a", 100021));
        runDiskWork();
        store.full = true;
        monitor(locks, A);
        runDiskWork();
        hosts.announce(new RebootNotice(A, HostName.of("a"), 3));
        assertThat(heardByLocks).isEmpty();
    }

    /** A disk forgets what is removed before it refuses what is to be added. */
    @Test
    void hostThatARefusedBatchMayHaveRemovedIsStoredAnew() {
        monitor(locks, A);
        runDiskWork();
        store.syncFails = true;
        assertThat(locks.unmonitor(A)).isNotDone();
        CompletionStage<Void> refused = monitor(locks, B);
        runDiskWork();
        assertRefused(refused, "Input/output error");

        store.syncFails = false;
        CompletionStage<Void> again = monitor(locks, A);
        assertThat(again).as("promised without a look at the disk").isNotDone();
        runDiskWork();
        assertThat(again).isCompleted();
        assertThat(stored(A)).isPresent();
        locks.unmonitor(A);
        runDiskWork();
        assertThat(stored(A)).isEmpty();
    }

    @Test
    void failedSyncIsARefusalOfEveryHostOfTheBatch() {
        store.syncFails = true;
        CompletionStage<Void> a = monitor(locks, A);
        CompletionStage<Void> b = monitor(locks, B);
        runDiskWork();
        assertRefused(a, "Input/output error");
        assertRefused(b, "Input/output error");
    }

    @Test
    void hostsBeyondTheLimitAreRefused() {
        for (int i = 0; i < HOSTS_MAX; i++) {
            monitor(locks, Hosts.client(i));
        }
        assertRefused(monitor(locks, Hosts.client(HOSTS_MAX)), "1000");
        runDiskWork();
        assertThat(monitor(locks, Hosts.client(0))).isCompleted();
    }

    @Test
    void hostStaysMonitoredWhileAnyServiceWantsIt() {
        monitor(locks, A);
        monitor(other, A);
        runDiskWork();
        assertThat(locks.unmonitor(A)).isCompleted();
        assertThat(stored(A)).isPresent();
        hosts.announce(new RebootNotice(A, HostName.of("a"), 3));
        assertThat(heardByLocks).isEmpty();
        other.close();
        runDiskWork();
        assertThat(stored(A)).isEmpty();
        assertThat(hosts.isMonitored(A)).isFalse();
    }

    @Test
    void monitorRightAfterUnmonitorIsNotLost() {
        monitor(locks, A);
        runDiskWork();
        locks.unmonitor(A);
        CompletionStage<Void> again = monitor(other, A);
        assertThat(again).as("its removal is under way").isNotDone();
        runDiskWork();
        assertThat(again).isCompleted();
        assertThat(stored(A)).isPresent();
    }

    @Test
    void unmonitorBeforeTheDiskIsReachedLeavesNothing() {
        CompletionStage<Void> monitored = monitor(locks, A);
        CompletionStage<Void> ended = locks.unmonitor(A);
        runDiskWork();
        assertThat(monitored).isCompleted();
        assertThat(ended).isCompleted();
        assertThat(store.steps).isEmpty();
    }

    @Test
    void callBackOfAnOutsideServiceOutlivesTheInterestOfInsideOnes() {
        hosts.addCallBack(A, Hosts.callBack("a", 100021));
        hosts.addCallBack(A, Hosts.callBack("a", 100021));
        monitor(locks, A);
        runDiskWork();
        assertThat(stored(A).orElseThrow().contacts()).hasSize(2);
        locks.unmonitor(A);
        runDiskWork();
        assertThat(hosts.callBacks(A)).hasSize(1);
        hosts.removeCallBacks(Optional.empty(), contact -> true);
        runDiskWork();
        assertThat(stored(A)).isEmpty();
    }

    @Test
    void sameLinkLocalAddressOnTwoLinksIsTwoHosts() throws Exception {
        byte[] linkLocal = Hosts.address("fe80::1").getAddress();
        InetAddress onFirst = Inet6Address.getByAddress(null, linkLocal, 1);
        InetAddress onSecond = Inet6Address.getByAddress(null, linkLocal, 2);
        CompletionStage<Void> first = monitor(locks, onFirst);
        runDiskWork();
        assertThat(first).isCompleted();
        assertThat(hosts.isMonitored(onSecond)).isFalse();
        hosts.announce(new RebootNotice(onSecond, HostName.of("client"), 5));
        assertThat(heardByLocks).isEmpty();
        assertThat(monitor(locks, onSecond)).isNotDone();
        runDiskWork();
        assertThat(hosts.count()).isEqualTo(2);
    }

    @Test
    void listenerThatFailsDoesNotKeepOthersFromHearing() {
        HostMonitor bad =
                hosts.open(
                        "bad",
                        notice -> {
                            throw new IllegalStateException("on purpose");
                        });
        monitor(bad, A);
        monitor(locks, A);
        RebootNotice notice = new RebootNotice(A, HostName.of("a"), 3);
        hosts.announce(notice);
        assertThat(heardByLocks).containsExactly(notice);
    }

    @Test
    void closedExecutorIsARefusal() {
        StoreWorker closed =
                new StoreWorker(
                        store,
                        task -> {
                            throw new RejectedExecutionException("closed");
                        },
                        new VirtualTime(),
                        List.of(),
                        List.of());
        HostMonitor monitor = new MonitoredHosts(closed, 1, 1).open("late", notice -> {});
        assertRefused(monitor.monitor(Hosts.monitored(A)), "closed");
    }

    private static CompletionStage<Void> monitor(HostMonitor monitor, InetAddress address) {
        return monitor.monitor(Hosts.monitored(address));
    }

    private Optional<HostRecord> stored(InetAddress address) {
        return store.memory.records(Section.MONITORED).stream()
                .filter(record -> record.address().equals(address))
                .findAny();
    }

    private void runDiskWork() {
        while (!diskWork.isEmpty()) {
            diskWork.remove().run();
        }
    }

    private static void assertRefused(CompletionStage<Void> refused, String why) {
        assertThat(refused).isDone();
        assertThatThrownBy(refused.toCompletableFuture()::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(MonitorException.class)
                .hasMessageContaining(why);
    }
}
