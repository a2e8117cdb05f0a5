package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.rpc.transport.Transport;

/** Every operation in every version, in both shapes and over both transports. */
class ShapesTest {
    private final World world = new World();

    static Stream<Arguments> versionsAndTransports() {
        return NlmVersion.all().stream()
                .flatMap(
                        version ->
                                Stream.of(Transport.UDP, Transport.TCP)
                                        .map(transport -> Arguments.of(version, transport)));
    }

    @ParameterizedTest
    @MethodSource("versionsAndTransports")
    void callsAreAnsweredByReplies(NlmVersion version, Transport transport) {
        World.Daemon daemon = world.start();
        ScriptedPeer one = peer(1, version, transport);
        ScriptedPeer two = peer(2, version, transport);
        WireLock lock = one.describe(1, 10, 20);

        assertThat(one.lock(lock, true, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.lock(two.describe(1, 0, 0), false, false)).isEqualTo(NlmStatus.DENIED);
        assertHolder(two.test(two.describe(1, 0, 0), false), lock);
        assertThat(two.cancel(two.describe(1, 0, 0), false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.unlock(lock)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.test(two.describe(1, 0, 0), true).status()).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versionsAndTransports")
    void messagesAreAnsweredByResults(NlmVersion version, Transport transport) {
        World.Daemon daemon = world.start();
        ScriptedPeer one = peer(1, version, transport);
        ScriptedPeer two = peer(2, version, transport);
        WireLock lock = one.describe(1, 10, 20);

        assertThat(one.lockMessage(lock, true, false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.lockMessage(two.describe(1, 0, 0), false, false))
                .isEqualTo(NlmStatus.DENIED);
        assertHolder(two.testMessage(two.describe(1, 0, 0), false), lock);
        assertThat(two.cancelMessage(two.describe(1, 0, 0), false)).isEqualTo(NlmStatus.GRANTED);
        assertThat(one.unlockMessage(lock)).isEqualTo(NlmStatus.GRANTED);
        assertThat(two.testMessage(two.describe(1, 0, 0), true).status())
                .isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versionsAndTransports")
    void aWaiterIsToldInItsOwnVersionWithItsOwnBytes(NlmVersion version, Transport transport) {
        World.Daemon daemon = world.start();
        LocalOwner holder = daemon.lockLocally("holder");
        ScriptedPeer one = peer(1, version, transport);
        WireLock lock = one.describe(1, 10, 20);
        assertThat(one.lockMessage(lock, true, true)).isEqualTo(NlmStatus.BLOCKED);

        daemon.unlockLocally(holder);
        world.settle();

        assertThat(one.grants()).singleElement().extracting(TestArgs::lock).isEqualTo(lock);
        assertThat(daemon.counts().unacknowledged()).isZero();
        assertThat(daemon.counts().locks()).isEqualTo(1);
    }

    @Test
    void bug28_bug29_resultsLeaveFromTheListeningPortOfTheAddressThatWasAsked() {
        world.start();
        ScriptedPeer peer = peer(1, NlmVersion.V4, Transport.UDP);
        peer.serverAddress = World.SECOND;

        peer.lockMessage(peer.describe(1, 0, 0), true, false);

        assertThat(peer.received("LOCK_RES"))
                .singleElement()
                .satisfies(
                        result ->
                                assertThat(result.from())
                                        .isEqualTo(
                                                new InetSocketAddress(
                                                        World.SECOND, World.NLM_PORT)));
    }

    @Test
    void aHostThatHasRegisteredNothingGetsNoResult() {
        World.Daemon daemon = world.start();
        ScriptedPeer peer = peer(1, NlmVersion.V4, Transport.UDP);
        peer.rpcbind.clear();

        peer.send(peer.version.lock(), peer.lockArgs(peer.describe(1, 0, 0), true, false));
        world.time.advance(World.MINUTE);

        assertThat(peer.received).isEmpty();
        assertThat(daemon.nlm.statistics().callBacksFailed()).isEqualTo(1);
    }

    @Test
    void bug03_aGrantNeverOvertakesTheResultThatSaysBlocked() {
        World.Daemon daemon = world.start();
        LocalOwner holder = daemon.lockLocally("holder");
        ScriptedPeer peer = peer(1, NlmVersion.V4, Transport.UDP);
        peer.send(peer.version.lock(), peer.lockArgs(peer.describe(1, 0, 0), true, true));
        world.within(World.SECOND_1, () -> daemon.counts().waiters() == 1);

        daemon.unlockLocally(holder); // While the port of the result is being looked up.
        world.settle();

        assertThat(peer.received)
                .extracting(ScriptedPeer.Received::procedure)
                .containsExactly("LOCK_RES", "GRANTED_MSG");
    }

    @ParameterizedTest
    @MethodSource("versionsAndTransports")
    void grantsOfOtherServersGoToTheClientsOnThisHost(NlmVersion version, Transport transport) {
        List<ClientRole.Sender> senders = new ArrayList<>();
        world.start(
                builder ->
                        builder.clientRole(
                                (sender, grant) -> {
                                    senders.add(sender);
                                    return verdict(grant);
                                }));
        ScriptedPeer remote = peer(1, version, transport);
        TestArgs wanted = new TestArgs(remote.cookie(), true, remote.describe(1, 0, 10));
        TestArgs unwanted = new TestArgs(remote.cookie(), true, remote.describe(2, 0, 10));
        TestArgs broken = new TestArgs(remote.cookie(), true, remote.describe(3, 0, 10));

        for (TestArgs each : List.of(wanted, unwanted, broken)) {
            NlmStatus expected = each.equals(wanted) ? NlmStatus.GRANTED : NlmStatus.DENIED;
            StatusReply reply = remote.call(version.granted().call(), each);
            assertThat(reply).isEqualTo(new StatusReply(each.cookie(), expected));
        }
        assertThat(senders)
                .hasSize(3)
                .containsOnly(
                        new ClientRole.Sender(remote.address, World.SERVER, transport, version));
    }

    private static CompletionStage<NlmStatus> verdict(TestArgs grant) {
        return switch (grant.lock().svid()) {
            case 1 -> CompletableFuture.completedFuture(NlmStatus.GRANTED);
            case 2 -> CompletableFuture.completedFuture(NlmStatus.DENIED);
            default -> throw new IllegalStateException("a role that fails");
        };
    }

    private ScriptedPeer peer(int number, NlmVersion version, Transport transport) {
        ScriptedPeer peer = new ScriptedPeer(world, number, version);
        peer.transport = transport;
        return peer;
    }

    private static void assertHolder(TestOutcome outcome, WireLock lock) {
        assertThat(outcome).isInstanceOf(TestOutcome.Conflict.class);
        var holder = ((TestOutcome.Conflict) outcome).holder();
        assertThat(holder.offset()).isEqualTo(lock.offset());
        assertThat(holder.length()).isEqualTo(lock.length());
        assertThat(holder.svid()).isEqualTo(lock.svid());
        assertThat(holder.ownerHandle()).isEqualTo(lock.ownerHandle());
    }
}
