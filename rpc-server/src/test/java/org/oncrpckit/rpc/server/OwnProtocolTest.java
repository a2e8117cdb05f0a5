package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * A protocol of one's own, from its description to a call over a network that loses every third
 * datagram: accounts that must not be charged twice.
 */
class OwnProtocolTest {
    /** Program 0x20000777, in the range for users; described once for both sides. */
    private static final class Bank {
        static final ProgramVersion V1 = new ProgramVersion(0x2000_0777, 1);
        static final XdrCodec<String> NAME = XdrCodecs.string(64);

        static final Procedure<Deposit, Long> DEPOSIT =
                new Procedure<>(V1, 1, "DEPOSIT", new DepositCodec(), XdrCodecs.LONG);
        static final Procedure<String, Long> BALANCE =
                new Procedure<>(V1, 2, "BALANCE", NAME, XdrCodecs.LONG);
    }

    private record Deposit(String account, int amount) {}

    private static final class DepositCodec implements XdrCodec<Deposit> {
        @Override
        public void encode(XdrWriter writer, Deposit value) {
            Bank.NAME.encode(writer, value.account());
            writer.writeInt(value.amount());
        }

        @Override
        public Deposit decode(XdrReader reader) throws XdrException {
            return new Deposit(Bank.NAME.decode(reader), reader.readInt());
        }
    }

    private final Map<String, Long> accounts = new HashMap<>();

    private RpcProgram bank() {
        return RpcProgram.builder(Bank.V1.program(), "bank")
                .procedure(
                        Bank.DEPOSIT,
                        (call, deposit) ->
                                accounts.merge(
                                        deposit.account(), (long) deposit.amount(), Long::sum))
                .idempotent(Bank.BALANCE, (call, name) -> accounts.getOrDefault(name, 0L))
                .build();
    }

    @Test
    void depositsArriveOnceOverANetworkThatLosesAndRepeats() throws Exception {
        VirtualTime time = new VirtualTime();
        SimulatedNetwork network = new SimulatedNetwork(time, SimulatedServer.SEED);
        SimulatedHost serverHost = network.host(SimulatedServer.address("10.0.0.1"));
        SimulatedHost clientHost = network.host(SimulatedServer.address("10.0.0.2"));
        network.setQuality(
                LinkQuality.GOOD
                        .withLoss(0.33)
                        .withDuplication(0.33)
                        .withDelay(Duration.ofMillis(1), Duration.ofMillis(300)));
        InetSocketAddress address = new InetSocketAddress("10.0.0.1", 7777);

        try (RpcServer server =
                        RpcServer.builder(network.platform(serverHost)).program(bank()).build();
                Endpoint socket = serverHost.bindDatagram(address);
                RpcClient client = RpcClient.builder(network.platform(clientHost)).build()) {
            server.attach(socket);
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Long> deposit =
                        client.call(
                                RpcTarget.udp(address),
                                Bank.DEPOSIT,
                                new Deposit("alice", 1),
                                CallOptions.DEFAULT.withTimeLimit(Duration.ofMinutes(10)));
                assertThat(time.runUntil(deposit::isDone, Duration.ofMinutes(11))).isTrue();
                assertThat(deposit.join()).isEqualTo(i + 1);
            }
            CompletableFuture<Long> balance =
                    client.call(RpcTarget.udp(address), Bank.BALANCE, "alice", CallOptions.DEFAULT);
            time.runUntil(balance::isDone, Duration.ofMinutes(1));
            assertThat(balance.join()).isEqualTo(100);
            assertThat(server.statistics().count(CallOutcome.DUPLICATE_ANSWERED)).isPositive();
        }
    }
}
