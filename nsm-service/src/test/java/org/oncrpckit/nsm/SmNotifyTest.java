package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.SimulatedHosts.Daemon;
import org.oncrpckit.nsm.SimulatedHosts.Peer;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrWriter;

/** What a host may say of itself, and what it may not say of others. */
class SmNotifyTest {
    private final SimulatedHosts world = new SimulatedHosts();
    private final Daemon daemon = world.start(new MemoryNsmStore());
    private final Peer a = world.peer(Hosts.client(1), Transport.UDP);
    private final Peer b = world.peer(Hosts.client(2), Transport.UDP);

    @Test
    void fullThenShortNameIsOneRestart() {
        daemon.monitors(a.address);
        a.tells("client.example.org", 5);
        a.tells("client", 5);
        assertThat(daemon.rebooted)
                .containsExactly(new RebootNotice(a.address, HostName.of("client.example.org"), 5));
    }

    @Test
    void noticeOverTcpCountsAndIsTheSameOneAsOverUdp() {
        daemon.monitors(a.address);
        CompletableFuture<Nothing> reply = a.says("client", 5, Transport.TCP);
        world.within(Duration.ofSeconds(5), reply::isDone);
        assertThat(reply).isCompleted();
        a.tells("client", 5);
        assertThat(daemon.rebooted).hasSize(1);
    }

    @Test
    void hostThatUsesTheNameOfAnotherFreesNothingOfIt() {
        daemon.monitors(a.address);
        b.tells("client", 99);
        b.tells("10.99.1.1", 99);
        assertThat(daemon.rebooted).isEmpty();
        daemon.monitors(b.address);
        b.tells("client", 101);
        assertThat(daemon.rebooted).extracting(RebootNotice::address).containsExactly(b.address);
        a.tells("client", 3);
        assertThat(daemon.rebooted).extracting(RebootNotice::address).endsWith(a.address);
    }

    @Test
    void hostThatNobodyMonitorsIsAnsweredLikeAnyOther() {
        a.tells("client", 5);
        assertThat(daemon.rebooted).isEmpty();
        daemon.monitors(a.address);
        a.tells("client", 5);
        assertThat(daemon.rebooted).as("it was no news then, it is now").hasSize(1);
    }

    @Test
    void lateRepetitionDoesNotFreeWhatTheHostTookSince() {
        daemon.monitors(a.address);
        a.tells("client.example.org", 5);
        daemon.hosts.unmonitor(a.address);
        daemon.monitors(a.address);
        a.tells("client", 5);
        a.tells("client", 3);
        assertThat(daemon.rebooted).hasSize(1);
    }

    @Test
    void eachRestartIsNews() {
        daemon.monitors(a.address);
        a.tells("client", 5);
        a.tells("client", 7);
        assertThat(daemon.rebooted).extracting(RebootNotice::newState).containsExactly(5, 7);
    }

    @Test
    void hostWithoutANameSpeaksForItsAddressToo() {
        daemon.monitors(a.address);
        a.tells("", 5);
        assertThat(daemon.rebooted).hasSize(1);
    }

    @Test
    void floodFromManyAddressesAndFromOneLeavesTheServiceAnswering() throws Exception {
        daemon.monitors(a.address);
        daemon.monitors(b.address);
        InetSocketAddress to = new InetSocketAddress(Hosts.SERVER, SimulatedHosts.PORT);
        for (int i = 0; i < 1000; i++) {
            Peer stranger = world.peer(Hosts.client(1000 + i), Transport.UDP);
            Endpoint socket =
                    stranger.host.bindDatagram(new InetSocketAddress(stranger.address, 0));
            Endpoint monitored = b.host.bindDatagram(new InetSocketAddress(b.address, 0));
            for (int n = 0; n < 10; n++) {
                socket.send(to, notice("client", 10_001 + n, 2 * i + 1).toByteBuffer());
                monitored.send(to, notice("client", 20_001 + n, 20 * i + 2 * n + 1).toByteBuffer());
            }
            world.time.advance(Duration.ofMillis(1));
            socket.close();
            monitored.close();
        }
        a.tells("client", 5);
        assertThat(daemon.rebooted).extracting(RebootNotice::address).contains(a.address);
        assertThat(daemon.rebooted)
                .filteredOn(notice -> notice.address().equals(b.address))
                .hasSize(NoticeFilter.BURST);
        assertThat(daemon.rebooted).hasSize(NoticeFilter.BURST + 1);
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(2);
    }

    /** Without a client behind it: as fast as it goes. */
    private static XdrWriter notice(String name, int xid, int state) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(xid, NsmProcedures.V1, NsmProcedures.NOTIFY.number()).encode(writer);
        NsmProcedures.NOTIFY.arguments().encode(writer, new StateChange(HostName.of(name), state));
        return writer;
    }
}
