package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.SimulatedHosts.Daemon;
import org.oncrpckit.nsm.SimulatedHosts.Peer;
import org.oncrpckit.rpc.simulation.LinkQuality;

/**
 * Many hosts to tell, of which every hundredth answers slowly and every tenth not at all. {@code
 * -Dnsm.hosts=10000} for the full size.
 */
class ManyFormerHostsTest {
    private static final int HOSTS = Integer.getInteger("nsm.hosts", 2000);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SLOW = Duration.ofMillis(1500);

    private final SimulatedHosts world = new SimulatedHosts();
    private final MemoryNsmStore store = new MemoryNsmStore();

    @Test
    void everyHostThatAnswersHasHeardWithinAMinute() {
        List<Peer> peers = world.peers(0, HOSTS);
        Daemon before = world.start(store);
        for (int i = 0; i < HOSTS; i++) {
            InetAddress address = peers.get(i).address;
            before.monitors(address);
            if (isDead(i)) {
                world.network.cut(Hosts.SERVER, address);
            } else if (i % 100 == 1) {
                world.network.setQuality(address, Hosts.SERVER, LinkQuality.GOOD.withDelay(SLOW));
            }
        }
        before.kill();
        int dead = (HOSTS + 9) / 10;

        Daemon after = world.start(store);
        Instant began = world.time.now();
        after.monitor.notifyFormerHosts();
        boolean all = world.within(LIMIT, () -> after.monitor.notifyProgress().pending() == dead);
        Duration took = Duration.between(began, world.time.now());
        System.out.println(
                HOSTS + " hosts, " + dead + " dead: the others were told within " + took);
        assertThat(all).as("%s after %s", after.monitor.notifyProgress(), took).isTrue();

        after.kill();
        Daemon again = world.start(store);
        assertThat(again.monitor.formerlyMonitored()).as("not told twice").hasSize(dead);
        for (int i = 0; i < HOSTS; i++) {
            assertThat(peers.get(i).heard).hasSize(isDead(i) ? 0 : 2);
        }
    }

    private static boolean isDead(int host) {
        return host % 10 == 0;
    }
}
