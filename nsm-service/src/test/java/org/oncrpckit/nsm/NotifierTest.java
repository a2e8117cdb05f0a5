package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.FormerHost.Stage;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.nsm.SimulatedHosts.Daemon;
import org.oncrpckit.nsm.SimulatedHosts.Heard;
import org.oncrpckit.nsm.SimulatedHosts.Peer;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.transport.Transport;

class NotifierTest {
    private static final Duration COMING_BACK = Duration.ofSeconds(45);
    private static final Duration GIVE_UP = NotifyLimits.DEFAULT.giveUpAfter();

    private final SimulatedHosts world = new SimulatedHosts();
    private final MemoryNsmStore store = new MemoryNsmStore();

    @Test
    void hostHearsBothNamesFromTheAddressAndPortThatItKnows() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP, Transport.TCP);
        Daemon before = world.start(store);
        before.monitors(peer.address, SimulatedHosts.SECOND);
        assertThat(before.monitor.state()).isEqualTo(1);
        before.kill();

        Daemon after = world.start(store);
        assertThat(after.monitor.formerlyMonitored())
                .containsExactly(new FormerHost(peer.address, host(peer).name(), Stage.PENDING));
        assertThat(peer.heard).as("nobody is told before the services are ready").isEmpty();
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        assertThat(world.within(Duration.ofSeconds(1), () -> isDone(ended))).isTrue();
        assertThat(peer.names()).containsExactly("server.example.org", "server");
        assertThat(peer.heard)
                .allSatisfy(
                        heard -> {
                            assertThat(heard.state()).isEqualTo(3);
                            assertThat(heard.from().getAddress()).isEqualTo(SimulatedHosts.SECOND);
                            assertThat(heard.from().getPort()).isEqualTo(SimulatedHosts.PORT);
                            assertThat(heard.over()).isEqualTo(Transport.UDP);
                        });
        assertThat(after.monitor.notifyProgress()).isEqualTo(new NotifyProgress(0, 1, 0));
        assertThat(store.records(Section.TO_NOTIFY)).isEmpty();
    }

    /**
     * Killed twice: the second start must know who has something to reclaim, and tells nobody
     * twice.
     */
    @Test
    void hostThatWasToldIsFormerUntilItHadTimeToComeBack() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Daemon daemon = restartAndTell(monitoring(peer));
        int told = peer.heard.size();
        assertThat(told).isPositive();
        for (int i = 0; i < 2; i++) {
            daemon = restartAndTell(daemon);
            assertThat(daemon.monitor.formerlyMonitored())
                    .extracting(FormerHost::stage)
                    .containsExactly(Stage.NOTIFIED);
            assertThat(peer.heard).hasSize(told);
        }
        assertThat(
                        world.within(
                                COMING_BACK.plusSeconds(1),
                                () -> store.records(Section.TO_NOTIFY).isEmpty()))
                .isTrue();
        assertThat(restartAndTell(daemon).monitor.formerlyMonitored()).isEmpty();
    }

    @Test
    void hostThatCameBackIsToldOfTheNextRestart() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Daemon daemon = restartAndTell(monitoring(peer));
        int told = peer.heard.size();
        daemon.monitors(peer.address);
        restartAndTell(daemon);
        assertThat(peer.heard).hasSize(2 * told);
    }

    @Test
    void hostsThatAreLeftToAnotherMonitorMayComeBackToo() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        monitoring(peer).kill();
        Daemon leaving = world.start(store, builder -> builder.comingBack(COMING_BACK));
        assertThat(leaving.monitor.leaveFormerHosts().toCompletableFuture()).isCompleted();
        assertThat(restartAndTell(leaving).monitor.formerlyMonitored()).hasSize(1);
        assertThat(peer.heard).isEmpty();
    }

    @Test
    void hostThatWasToldInOneWayIsNotKeptForThatWhileItIsTriedInAnother() throws Exception {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        peer.host.crash();
        Contact told = Contact.of(Hosts.monitored(peer.address)).answered();
        Contact other =
                Contact.of(
                        new MonitoredHost(
                                peer.address,
                                told.name(),
                                SimulatedHosts.SECOND,
                                Hosts.SERVER_NAME));
        store.save(Section.TO_NOTIFY, new HostRecord(peer.address, List.of(told, other)));
        Daemon daemon = world.start(store, builder -> builder.comingBack(COMING_BACK));
        CompletionStage<Void> ended = daemon.monitor.notifyFormerHosts();
        assertThat(
                        world.within(
                                COMING_BACK.plusSeconds(1),
                                () -> contactsToNotify().equals(List.of(other))))
                .isTrue();
        assertThat(world.within(GIVE_UP, () -> isDone(ended))).isTrue();
        assertThat(contactsToNotify()).containsExactly(other.givenUp());
    }

    private List<Contact> contactsToNotify() {
        return store.records(Section.TO_NOTIFY).stream()
                .flatMap(record -> record.contacts().stream())
                .toList();
    }

    private Daemon monitoring(Peer peer) {
        Daemon daemon = world.start(store);
        daemon.monitors(peer.address);
        return daemon;
    }

    private Daemon restartAndTell(Daemon before) {
        return restartAndNotify(before, COMING_BACK, Duration.ofSeconds(1));
    }

    @Test
    void hostThatUsesTwoAddressesHearsFromBoth() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Daemon before = world.start(store);
        before.monitors(peer.address, Hosts.SERVER);
        before.monitors(peer.address, SimulatedHosts.SECOND);
        restartAndNotify(before, Duration.ofSeconds(1));
        assertThat(peer.heard.stream().map(heard -> heard.from().getAddress()))
                .containsExactlyInAnyOrder(
                        Hosts.SERVER, Hosts.SERVER, SimulatedHosts.SECOND, SimulatedHosts.SECOND);
    }

    @Test
    void addressThatHasMovedAwayDoesNotKeepTheHostFromHearing() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Daemon before = world.start(store);
        before.monitors(peer.address, Hosts.address("10.99.0.99"));
        restartAndNotify(before, Duration.ofSeconds(1));
        assertThat(peer.names()).containsExactly("server.example.org", "server");
    }

    @Test
    void monitorThatOnlyListensOnTcpIsFound() {
        Peer peer = world.peer(Hosts.client(1), Transport.TCP);
        Daemon before = world.start(store);
        before.monitors(peer.address);
        restartAndNotify(before, Duration.ofSeconds(1));
        assertThat(peer.heard).hasSize(2);
        assertThat(peer.heard).extracting(Heard::over).containsOnly(Transport.TCP);
    }

    @Test
    void nobodyToNotifyEndsAtOnceAndTheStateStillGrows() {
        world.start(store).kill();
        Daemon daemon = world.start(store);
        assertThat(daemon.monitor.state()).isEqualTo(3);
        assertThat(daemon.monitor.formerlyMonitored()).isEmpty();
        assertThat(daemon.monitor.notifyFormerHosts().toCompletableFuture()).isCompleted();
        assertThatThrownBy(daemon.monitor::notifyFormerHosts)
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoWaitsForTheNoticesIsLetGoWhenTheMonitorIsClosed() throws Exception {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        cut(peer);
        monitoring(peer).kill();
        Daemon after = world.start(store);
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        after.monitor.close();
        assertThat(ended.toCompletableFuture()).isCompleted();
        world.time.advance(GIVE_UP.plusMinutes(1));
        assertThat(store.records(Section.TO_NOTIFY)).as("for the next start").hasSize(1);
    }

    @Test
    void deadHostsDelayNobody() {
        List<Peer> living = world.peers(0, 100);
        List<Peer> dead = world.peers(100, 300);
        dead.forEach(each -> each.host.crash());
        NotifyLimits limits =
                new NotifyLimits(
                        NotifyLimits.DEFAULT.firstInterval(),
                        NotifyLimits.DEFAULT.longestInterval(),
                        GIVE_UP,
                        NotifyLimits.DEFAULT.attemptLimit(),
                        16);
        Daemon before = world.start(store);
        dead.forEach(each -> before.monitors(each.address));
        living.forEach(each -> before.monitors(each.address));
        before.kill();
        Daemon after = world.start(store, builder -> builder.notifyLimits(limits));
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        assertThat(
                        world.within(
                                Duration.ofSeconds(60),
                                () -> after.monitor.notifyProgress().notified() == 100))
                .isTrue();
        assertThat(isDone(ended)).isFalse();
        assertThat(world.within(GIVE_UP.plusMinutes(2), () -> isDone(ended))).isTrue();
        assertThat(after.monitor.notifyProgress()).isEqualTo(new NotifyProgress(0, 100, 200));
        assertThat(living).allSatisfy(each -> assertThat(each.names()).hasSize(2));
    }

    @Test
    void lossyNetworkLosesNoHost() {
        world.network.setQuality(LinkQuality.GOOD.withLoss(0.4).withDuplication(0.1));
        List<Peer> peers = world.peers(0, 50);
        Daemon before = world.start(store);
        peers.forEach(each -> before.monitors(each.address));
        restartAndNotify(before, GIVE_UP);
        assertThat(peers)
                .allSatisfy(
                        each -> assertThat(each.names()).contains("server.example.org", "server"));
        assertThat(store.records(Section.TO_NOTIFY)).isEmpty();
    }

    @Test
    void hostThatComesUpLateHearsWithTheNextAttempt() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        cut(peer);
        Daemon before = world.start(store);
        before.monitors(peer.address);
        before.kill();
        Daemon after = world.start(store);
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        world.time.advance(Duration.ofMinutes(5));
        assertThat(after.monitor.notifyProgress().pending()).isEqualTo(1);
        mend(peer);
        assertThat(world.within(Duration.ofSeconds(125), () -> isDone(ended))).isTrue();
        assertThat(peer.names()).containsExactly("server.example.org", "server");
    }

    @Test
    void hostThatNeverAnswersIsTriedFor15MinutesAfterEachOfThreeStarts() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        cut(peer);
        Daemon daemon = world.start(store);
        daemon.monitors(peer.address);
        for (int start = 1; start <= Notifier.GIVE_UPS_MAX; start++) {
            daemon.kill();
            daemon = world.start(store);
            assertThat(daemon.monitor.formerlyMonitored()).hasSize(1);
            Instant began = world.time.now();
            CompletionStage<Void> ended = daemon.monitor.notifyFormerHosts();
            assertThat(world.within(GIVE_UP.plusSeconds(30), () -> isDone(ended))).isTrue();
            assertThat(Duration.between(began, world.time.now())).isGreaterThan(GIVE_UP);
            assertThat(daemon.monitor.formerlyMonitored())
                    .extracting(FormerHost::stage)
                    .containsExactly(Stage.GIVEN_UP);
        }
        daemon.kill();
        assertThat(world.start(store).monitor.formerlyMonitored()).isEmpty();
    }

    /** What its line in a file says of its call-back leaves no room to count in. */
    @Test
    void hostOfAServiceOutsideIsForgottenAfterThreeStartsToo(@TempDir Path folder)
            throws Exception {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        cut(peer);
        try (FileNsmStore before = FileNsmStore.open(folder)) {
            List<Contact> ways =
                    List.of(Hosts.callBack("client", 100021), Hosts.callBack("alias", 100021));
            before.save(Section.MONITORED, new HostRecord(peer.address, ways));
            before.sync();
        }
        for (int start = 1; start <= Notifier.GIVE_UPS_MAX; start++) {
            Daemon daemon = world.start(FileNsmStore.open(folder));
            assertThat(daemon.monitor.formerlyMonitored()).as("start %d", start).hasSize(1);
            CompletionStage<Void> ended = daemon.monitor.notifyFormerHosts();
            assertThat(world.within(GIVE_UP.plusSeconds(30), () -> isDone(ended))).isTrue();
            daemon.kill();
            daemon.monitor.close();
        }
        Daemon last = world.start(FileNsmStore.open(folder));
        assertThat(last.monitor.formerlyMonitored()).isEmpty();
        last.monitor.close();
    }

    @Test
    void hostThatIsMonitoredAgainForAServiceOutsideIsToldOnceAndCountedAnew() {
        Contact callBack = Hosts.callBack("client", 100021);
        HostRecord now = new HostRecord(Hosts.client(1), List.of(callBack));
        HostRecord before = new HostRecord(Hosts.client(1), List.of(callBack.givenUp().givenUp()));
        assertThat(now.mergedWith(before)).isEqualTo(now);
    }

    @Test
    void killedInTheMiddleItTellsTheOthersAndNobodyTwice() {
        List<Peer> answering = world.peers(0, 20);
        List<Peer> silent = world.peers(20, 40);
        silent.forEach(this::cut);
        Daemon first = world.start(store);
        answering.forEach(each -> first.monitors(each.address));
        silent.forEach(each -> first.monitors(each.address));
        first.kill();
        Daemon second = world.start(store);
        CompletionStage<Void> never = second.monitor.notifyFormerHosts();
        world.within(
                Duration.ofSeconds(10), () -> second.monitor.notifyProgress().notified() == 20);
        second.kill();
        assertThat(isDone(never)).isFalse();

        silent.forEach(this::mend);
        Daemon third = world.start(store);
        assertThat(third.monitor.formerlyMonitored()).hasSize(20);
        CompletionStage<Void> ended = third.monitor.notifyFormerHosts();
        assertThat(world.within(Duration.ofSeconds(10), () -> isDone(ended))).isTrue();
        assertThat(answering)
                .allSatisfy(
                        each -> assertThat(each.heard).extracting(Heard::state).containsOnly(3));
        assertThat(answering).allSatisfy(each -> assertThat(each.heard).hasSize(2));
        assertThat(silent)
                .allSatisfy(
                        each -> assertThat(each.heard).extracting(Heard::state).containsOnly(5));
    }

    @Test
    void hostThatComesBackWhileItIsBeingToldIsMonitoredAnew() {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Daemon before = world.start(store);
        before.monitors(peer.address);
        before.kill();
        Daemon after = world.start(store);
        after.monitors(peer.address);
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        world.within(Duration.ofSeconds(1), () -> isDone(ended));
        assertThat(store.records(Section.TO_NOTIFY)).isEmpty();
        assertThat(store.records(Section.MONITORED))
                .extracting(HostRecord::address)
                .containsExactly(peer.address);
    }

    @Test
    void bug42_whoeverTakesTheStateFolderOverTellsItsHosts(@TempDir Path folder) throws Exception {
        Peer peer = world.peer(Hosts.client(1), Transport.UDP);
        Path here = Files.createDirectory(folder.resolve("here"));
        Path there = folder.resolve("there");
        Daemon failed = world.start(FileNsmStore.open(here));
        failed.monitors(peer.address);
        copy(here, there); // As a disk that both can see, or a replica, has it.
        failed.kill();
        Daemon successor = world.start(FileNsmStore.open(there));
        CompletionStage<Void> ended = successor.monitor.notifyFormerHosts();
        assertThat(world.within(Duration.ofSeconds(10), () -> isDone(ended))).isTrue();
        assertThat(peer.heard)
                .extracting(Heard::state)
                .isNotEmpty()
                .allMatch(state -> state > failed.monitor.state());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private void restartAndNotify(Daemon before, Duration limit) {
        restartAndNotify(before, Duration.ZERO, limit);
    }

    private Daemon restartAndNotify(Daemon before, Duration comingBack, Duration limit) {
        before.kill();
        Daemon after = world.start(store, builder -> builder.comingBack(comingBack));
        CompletionStage<Void> ended = after.monitor.notifyFormerHosts();
        assertThat(world.within(limit, () -> isDone(ended))).isTrue();
        return after;
    }

    private FormerHost host(Peer peer) {
        return new FormerHost(peer.address, Hosts.monitored(peer.address).name(), Stage.PENDING);
    }

    private void cut(Peer peer) {
        world.network.cut(Hosts.SERVER, peer.address);
    }

    private void mend(Peer peer) {
        world.network.mend(Hosts.SERVER, peer.address);
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }
}
