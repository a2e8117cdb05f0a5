package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

class CallersTest {
    private static final OpaqueAuth CREDENTIAL = new OpaqueAuth(1, Opaque.ofUtf8("somebody"));
    private static final InetAddress CLIENT = World.address("10.0.1.1");

    private final Callers callers = new Callers();

    @Test
    void whoCallsAgainIsTheSameObject() {
        Caller first = callers.get(CLIENT, World.SERVER, Transport.UDP, 4, CREDENTIAL);
        OpaqueAuth again = new OpaqueAuth(1, Opaque.ofUtf8("somebody"));
        assertThat(callers.get(CLIENT, World.SERVER, Transport.UDP, 4, again)).isSameAs(first);
        assertThat(first)
                .isEqualTo(
                        new Caller(
                                HostAddress.of(CLIENT),
                                new Route(World.SERVER, Transport.UDP, 4),
                                CREDENTIAL));
    }

    /** More callers than are kept: whoever was pushed out, each answer is right. */
    @Test
    void whateverMakesAnotherCallerIsLookedAt() throws UnknownHostException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("CallersTest seed " + seed);
        Random random = new Random(seed);
        List<InetAddress> servers = List.of(World.SERVER, World.SECOND, linkLocal(1));
        List<InetAddress> clients = new ArrayList<>(List.of(linkLocal(1), linkLocal(2)));
        for (int i = 0; i < 10; i++) {
            clients.add(World.address("10.0.1." + i));
        }
        for (int i = 0; i < 50_000; i++) {
            InetAddress client = clients.get(random.nextInt(clients.size()));
            InetAddress server = servers.get(random.nextInt(servers.size()));
            Transport transport = random.nextBoolean() ? Transport.UDP : Transport.TCP;
            int version = random.nextBoolean() ? 3 : 4;
            OpaqueAuth credential = new OpaqueAuth(1, Opaque.copyOf((byte) random.nextInt(20)));

            Caller caller = callers.get(client, server, transport, version, credential);

            assertThat(caller.client()).isEqualTo(HostAddress.of(client));
            assertThat(caller.route()).isEqualTo(new Route(server, transport, version));
            assertThat(caller.credential()).isEqualTo(credential);
        }
    }

    private static InetAddress linkLocal(int scope) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfe;
        bytes[1] = (byte) 0x80;
        bytes[15] = 1;
        return Inet6Address.getByAddress(null, bytes, scope);
    }
}
