package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.OpaqueMemo;

class RemoteOwnersTest {
    private static final Route UDP = new Route(World.SERVER, Transport.UDP, 4);
    private static final SystemId SYSTEM = new SystemId(7, 0);
    private static final Opaque HANDLE = Opaque.ofUtf8("3@client1");

    private final RemoteOwners owners = new RemoteOwners();

    @Test
    void anOwnerThatCallsAgainIsTheSameObject() {
        LockOwner first = owners.get(UDP, 3, HANDLE, SYSTEM);
        assertThat(owners.get(UDP, 3, Opaque.ofUtf8("3@client1"), SYSTEM)).isSameAs(first);
        assertThat(first).isEqualTo(new RemoteOwner(UDP, 3, HANDLE).in(SYSTEM));
    }

    /** Some of these meet in one slot: whoever was pushed out, each answer is right. */
    @Test
    void whateverMakesAnotherOwnerIsLookedAt() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RemoteOwnersTest seed " + seed);
        Random random = new Random(seed);
        List<Route> routes =
                List.of(
                        UDP,
                        new Route(World.SERVER, Transport.TCP, 4),
                        new Route(World.SECOND, Transport.UDP, 4),
                        new Route(World.SERVER, Transport.UDP, 3));
        for (int i = 0; i < 20_000; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            int svid = random.nextInt(40);
            Opaque handle = Opaque.copyOf((byte) random.nextInt(40));
            SystemId system = new SystemId(random.nextInt(2), random.nextInt(2));
            assertThat(owners.get(route, svid, handle, system))
                    .isEqualTo(new RemoteOwner(route, svid, handle).in(system));
        }
    }

    @Test
    void ownersWithLongHandlesAreNotKept() {
        Opaque handle = Opaque.copyOf(new byte[OpaqueMemo.LENGTH_MAX + 1]);
        LockOwner first = owners.get(UDP, 3, handle, SYSTEM);
        assertThat(owners.get(UDP, 3, handle, SYSTEM)).isEqualTo(first).isNotSameAs(first);
    }
}
