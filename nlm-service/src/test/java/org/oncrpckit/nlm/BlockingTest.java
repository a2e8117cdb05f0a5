package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LinuxClient.Answer;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.simulation.TraceEvent;
import org.oncrpckit.rpc.transport.Transport;

/** Waiting, and being told. The numbers are those of the list of other servers' bugs. */
class BlockingTest {
    private final World world = new World();
    private final World.Daemon daemon = world.start();
    private final LinuxClient one = world.client(1);
    private final LinuxClient two = world.client(2);
    private final LinuxClient three = world.client(3);

    @Test
    void aWaiterIsToldAtOnceAndAcknowledges() {
        Owner holder = one.owner();
        assertThat(one.lock(holder, World.FILE, 0, 100, true)).isEqualTo(NlmStatus.GRANTED);
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 50, 10, true);
        world.settle();
        assertThat(waiter.replies).containsExactly(NlmStatus.BLOCKED);
        assertThat(daemon.counts().waiters()).isEqualTo(1);

        one.unlock(holder, World.FILE, 0, 100);

        assertThat(world.within(Duration.ofMillis(100), () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(two.granted).hasSize(1);
    }

    @Test
    void threeWaitersGetItInTheOrderInWhichTheyCame() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 0, true);
        List<String> order = new ArrayList<>();
        LinuxClient four = world.client(4);
        List<LinuxClient> clients = List.of(three, two, four);
        List<Waiter> waiters = new ArrayList<>();
        for (LinuxClient each : clients) {
            waiters.add(each.waitFor(each.owner(), World.FILE, 0, 0, true));
            world.settle();
        }

        one.close(holder, World.FILE);
        for (int i = 0; i < clients.size(); i++) {
            Waiter next = waiters.get(i);
            assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
            assertThat(waiters.stream().filter(each -> each.has)).hasSize(i + 1);
            order.add(clients.get(i).name.toString());
            clients.get(i).close(next.owner, World.FILE);
        }

        assertThat(order).containsExactly("client3", "client2", "client4");
        world.settle();
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
    }

    @Test
    void localAndRemoteWaitersShareOneQueue() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 0, true);
        Waiter first = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        LocalOwner local = LocalOwner.of("local", 7);
        LocalRequest second =
                daemon.nlm
                        .local()
                        .lock(local, World.Files.id(World.FILE), LockRange.ALL, LockMode.EXCLUSIVE);
        var outcome = second.outcome().toCompletableFuture();
        Waiter third = three.waitFor(three.owner(), World.FILE, 0, 0, true);
        world.settle();

        one.close(holder, World.FILE);
        world.settle();
        assertThat(first.has).isTrue();
        assertThat(outcome).isNotDone();
        two.close(first.owner, World.FILE);
        world.settle();
        assertThat(outcome).isCompletedWithValue(LocalOutcome.GRANTED);
        assertThat(third.has).isFalse();
        daemon.unlockLocally(local);
        world.settle();
        assertThat(third.has).isTrue();
    }

    @Test
    void bug02_grantedCarriesTheClientsOwnBytes() {
        LocalOwner holder = daemon.lockLocally("holder");
        // To the end of the file in three ways of saying it.
        long[][] ranges = {{5, 0}, {6, -1L}, {7, Long.MAX_VALUE - 6}};
        List<Waiter> waiters = new ArrayList<>();
        for (long[] each : ranges) {
            waiters.add(two.waitFor(two.owner(), World.FILE, each[0], each[1], false));
        }
        world.settle();

        daemon.unlockLocally(holder);
        world.settle();

        assertThat(waiters).allMatch(each -> each.has);
        assertThat(two.granted)
                .extracting(args -> args.lock().length())
                .containsExactlyInAnyOrder(0L, -1L, Long.MAX_VALUE - 6);
        assertThat(two.granted).noneMatch(args -> args.exclusive());
        assertThat(two.granted).allMatch(args -> args.cookie().length() >= 8);
    }

    @Test
    void bug03_grantFollowsBlockedReply() {
        daemon.kill();
        List<Runnable> whenBlocked = new ArrayList<>();
        World.Daemon slow =
                world.start(
                        builder ->
                                builder.listener(
                                        new NlmListener() {
                                            @Override
                                            public void answered(
                                                    InetAddress client,
                                                    String procedure,
                                                    NlmStatus status) {
                                                if (status == NlmStatus.BLOCKED) {
                                                    whenBlocked.forEach(Runnable::run);
                                                }
                                            }
                                        }));
        LocalOwner holder = slow.lockLocally("holder");
        // The unlocking comes after BLOCKED is decided and before it is sent.
        whenBlocked.add(() -> slow.unlockLocally(holder));
        world.sent.clear();

        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(waiter.replies).containsExactly(NlmStatus.BLOCKED);
        int reply = indexOf(World::isReply);
        int question = indexOf(event -> World.isCall(event, 100000, 3));
        assertThat(reply).isNotNegative().isLessThan(question);
    }

    @Test
    void bug04_aRefusedGrantGoesToTheNext() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter gone = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        Waiter next = three.waitFor(three.owner(), World.FILE, 0, 0, true);
        world.settle();
        gone.stop(); // It will answer DENIED, for nobody waits there.

        daemon.unlockLocally(holder);

        assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.counts().unconfirmed()).isZero();
    }

    @Test
    void bug05_aRefusalOfARepeatedGrantKeepsTheLock() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        Waiter next = three.waitFor(three.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.answers = args -> two.granted.size() == 1 ? Answer.LOSE_ANSWER : Answer.KERNEL;

        daemon.unlockLocally(holder);
        assertThat(world.within(Duration.ofSeconds(10), () -> two.granted.size() == 2)).isTrue();
        world.settle();

        assertThat(waiter.has).isTrue();
        assertThat(next.has).isFalse();
        assertThat(daemon.counts().unconfirmed()).isEqualTo(1);
        assertThat(daemon.nlm.listing().locks(Scope.everything()))
                .singleElement()
                .matches(ListedLock::unconfirmed);

        two.close(waiter.owner, World.FILE);
        assertThat(world.within(World.SECOND_1, () -> next.has)).isTrue();
        assertThat(daemon.counts().unconfirmed()).isZero();
    }

    @Test
    void bug06_onlyTheWaiterForThatFileWakes() {
        LocalOwner holder = daemon.lockLocally("holder");
        Owner third = three.owner();
        three.lock(third, World.OTHER_FILE, 0, 0, true);
        Owner both = two.owner();
        Waiter here = two.waitFor(both, World.FILE, 0, 0, true);
        Waiter there = two.waitFor(both, World.OTHER_FILE, 0, 0, true);
        world.settle();

        daemon.unlockLocally(holder);
        world.settle();

        assertThat(here.has).isTrue();
        assertThat(there.has).isFalse();
    }

    @Test
    void aLostGrantIsRepeated() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.answers = args -> two.granted.size() < 3 ? Answer.LOSE_CALL : Answer.KERNEL;

        daemon.unlockLocally(holder);

        assertThat(world.within(Duration.ofSeconds(20), () -> waiter.has)).isTrue();
        world.settle();
        assertThat(two.granted).hasSize(3);
        assertThat(two.granted)
                .extracting(args -> args.cookie())
                .containsOnly(two.granted.get(0).cookie());
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    /** Linux compares owner, file and range of a grant, and not its mode. */
    @Test
    void aRepeatedGrantOfASharedLockDoesNotPassForTheExclusiveOne() {
        Owner holder = one.owner();
        one.lock(holder, World.FILE, 0, 10, true);
        Owner owner = two.owner();
        Owner reader = three.owner();
        two.answers = args -> LinuxClient.Answer.LOSE_ANSWER;
        Waiter shared = two.waitFor(owner, World.FILE, 0, 10, false);
        Waiter other = three.waitFor(reader, World.FILE, 0, 10, false);
        world.settle();
        one.unlock(holder, World.FILE, 0, 10);
        assertThat(world.within(World.SECOND_1, () -> shared.has && other.has)).isTrue();

        Waiter upgrade = two.waitFor(owner, World.FILE, 0, 10, true);
        world.time.advance(World.MINUTE.multipliedBy(2));
        assertThat(upgrade.has).isFalse();
        assertThat(daemon.counts().unacknowledged()).isZero();

        two.answers = args -> LinuxClient.Answer.KERNEL;
        three.close(reader, World.FILE);
        assertThat(world.within(World.SECOND_1, () -> upgrade.has)).isTrue();
        two.close(owner, World.FILE);
        world.settle();
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().unconfirmed()).isZero();
    }

    @Test
    void aPollIsAnsweredGrantedAndEndsTheRepetitions() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.answers = args -> Answer.LOSE_CALL;

        daemon.unlockLocally(holder);
        assertThat(world.within(Duration.ofSeconds(31), () -> waiter.has)).isTrue();
        int copies = two.granted.size();
        world.time.advance(Duration.ofMinutes(5));

        assertThat(waiter.replies).containsExactly(NlmStatus.BLOCKED, NlmStatus.GRANTED);
        assertThat(two.granted).hasSize(copies);
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void bug21_aRepeatedBlockingLockQueuesOnce() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        for (int i = 0; i < 5; i++) {
            waiter.ask();
            world.settle();
        }
        assertThat(daemon.counts().waiters()).isEqualTo(1);
        assertThat(waiter.replies).hasSize(6).containsOnly(NlmStatus.BLOCKED);

        daemon.unlockLocally(holder);
        world.settle();
        two.close(waiter.owner, World.FILE);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void bug27_grantedGoesWhereTheClientsPortMapperSays() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.rpcbind.clear(); // lockd is being restarted
        daemon.unlockLocally(holder);
        world.settle();
        assertThat(two.granted).isEmpty();

        two.register();

        assertThat(world.within(Duration.ofSeconds(6), () -> waiter.has)).isTrue();
        List<TraceEvent> messages = world.grantedMessages();
        assertThat(messages).isNotEmpty();
    }

    @Test
    void bug30_grantedGoesToTheAddressWhateverTheNameSays() {
        LinuxClient misnamed = new LinuxClient(world, World.address("10.0.1.77"), "10.0.1.3");
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = misnamed.waitFor(misnamed.owner(), World.FILE, 0, 0, true);
        world.settle();
        world.sent.clear();
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(world.sent)
                .extracting(event -> ((InetSocketAddress) event.to()).getAddress())
                .contains(misnamed.address)
                .doesNotContain(three.address);
        assertThat(three.granted).isEmpty();
    }

    @Test
    void grantedLeavesFromTheAddressThatWasAsked() {
        LocalOwner holder = daemon.lockLocally("holder");
        two.server = World.SECOND;
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        daemon.unlockLocally(holder);

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
    }

    @Test
    void overUdpGrantedLeavesFromTheListeningPort() {
        two.transport = Transport.UDP;
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();

        daemon.unlockLocally(holder);

        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        assertThat(world.grantedMessages())
                .singleElement()
                .extracting(event -> ((InetSocketAddress) event.from()).getPort())
                .isEqualTo(World.NLM_PORT);
    }

    @Test
    void aClientInItsOwnGraceIsAskedLater() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = two.waitFor(two.owner(), World.FILE, 0, 0, true);
        world.settle();
        two.answers = args -> two.granted.size() == 1 ? Answer.GRACE : Answer.KERNEL;

        daemon.unlockLocally(holder);
        world.time.advance(Duration.ofSeconds(9));
        assertThat(two.granted).hasSize(1);

        assertThat(world.within(Duration.ofSeconds(2), () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    @Test
    void twoClientsInACrossGetOneDeadlock() {
        Owner a = one.owner();
        Owner b = two.owner();
        one.lock(a, World.FILE, 0, 1, true);
        two.lock(b, World.FILE, 1, 1, true);
        Waiter first = one.waitFor(a, World.FILE, 1, 1, true);
        world.settle();
        assertThat(first.replies).containsExactly(NlmStatus.BLOCKED);

        Waiter second = two.waitFor(b, World.FILE, 0, 1, true);
        world.settle();

        assertThat(second.replies).containsExactly(NlmStatus.DEADLOCK);
        two.close(b, World.FILE);
        assertThat(world.within(World.SECOND_1, () -> first.has)).isTrue();
    }

    private int indexOf(Predicate<TraceEvent> wanted) {
        for (int i = 0; i < world.sent.size(); i++) {
            if (wanted.test(world.sent.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
