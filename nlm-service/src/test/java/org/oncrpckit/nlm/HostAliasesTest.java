package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.LinuxClient.Owner;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** A client that comes by two addresses: one host where the configuration says so. */
class HostAliasesTest {
    private final World world = new World();
    private final LinuxClient first = world.client(1);
    private final LinuxClient second = world.client(2);
    private final LinuxClient other = world.client(3);
    private World.Daemon daemon = start();

    @Test
    void anOwnerIsTheSameByBothAddresses() {
        Owner owner = first.owner();
        assertThat(first.lock(owner, World.FILE, 0, 10, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(second.lock(owner, World.FILE, 0, 10, true)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isEqualTo(1);
        assertThat(daemon.counts().hosts()).isEqualTo(1);

        assertThat(second.unlock(owner, World.FILE, 0, 10)).isEqualTo(NlmStatus.GRANTED);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void listingsShowTheOtherAddresses() {
        second.lock(second.owner(), World.FILE, 0, 10, true);
        assertThat(daemon.nlm.listing().hosts())
                .singleElement()
                .satisfies(
                        host -> {
                            assertThat(host.address()).isEqualTo(first.address);
                            assertThat(host.aliases()).containsExactly(second.address);
                        });
    }

    @Test
    void theCallBackGoesToTheAddressThatAsked() {
        LocalOwner holder = daemon.lockLocally("holder");
        Waiter waiter = second.waitFor(second.owner(), World.FILE, 0, 0, true);
        world.settle();
        daemon.unlockLocally(holder);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
        world.settle();
        assertThat(daemon.counts().unacknowledged()).as("its answer counts").isZero();
    }

    @Test
    void aNoticeFromAnyAddressFreesTheWhole() {
        first.lock(first.owner(), World.FILE, 0, 0, true);
        Waiter waiter = other.waitFor(other.owner(), World.FILE, 0, 0, true);
        world.settle();
        // It has locked by its first address only, and tells by its second.
        second.tellState(first.state + 2);
        assertThat(world.within(World.SECOND_1, () -> waiter.has)).isTrue();
    }

    @Test
    void aLockIsReclaimedByTheOtherAddress() {
        Owner owner = first.owner();
        first.lock(owner, World.FILE, 0, 100, true);
        daemon.kill();
        daemon = start();
        assertThat(daemon.nlm.grace().isActive()).isTrue();
        assertThat(world.await(second.sendLock(owner, World.FILE, 0, 100, true, false, true)))
                .isEqualTo(NlmStatus.GRANTED);
        // Everybody who was known has been heard.
        world.time.advance(GracePeriod.QUIET.plusSeconds(1));
        assertThat(daemon.nlm.grace().isActive()).isFalse();
        first.unlock(owner, World.FILE, 0, 100);
        assertThat(daemon.counts().locks()).isZero();
    }

    @Test
    void setsThatCannotBeAreRefused() {
        InetAddress one = first.address;
        InetAddress two = second.address;
        assertThatThrownBy(() -> new HostAliases.Host("a", List.of(one)))
                .hasMessageContaining("1 addresses (expected: 2 to 64)");
        assertThatThrownBy(() -> new HostAliases.Host("a", List.of(one, two, one)))
                .hasMessageContaining("10.0.1.1 is there twice");
        assertThatThrownBy(() -> new HostAliases.Host("a", List.of(one, World.address("0.0.0.0"))))
                .hasMessageContaining("0.0.0.0 is not the address of a host");
        assertThatThrownBy(
                        () ->
                                HostAliases.of(
                                        List.of(
                                                new HostAliases.Host("a", List.of(one, two)),
                                                new HostAliases.Host(
                                                        "b", List.of(other.address, two)))))
                .hasMessageContaining("10.0.1.2 belongs to a and to b");
    }

    private World.Daemon start() {
        return world.start(
                builder ->
                        builder.aliases(
                                HostAliases.of(
                                        List.of(
                                                new HostAliases.Host(
                                                        "client",
                                                        List.of(first.address, second.address))))));
    }
}
