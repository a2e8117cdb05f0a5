package org.oncrpckit.rpc.socket;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.oncrpckit.rpc.testing.HostFacts;
import org.oncrpckit.rpc.transport.DatagramContract;
import org.oncrpckit.rpc.transport.StreamContract;
import org.oncrpckit.rpc.transport.TestWorld;
import org.oncrpckit.rpc.transport.Transport;

class SocketContractTest {
    private static TestWorld ipv6() throws IOException {
        assumeTrue(HostFacts.hasIpv6(), "this host has no ::1");
        return SocketWorld.ip("::1");
    }

    @Nested
    class UdpOverIpv4 extends DatagramContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.ip("127.0.0.1");
        }
    }

    @Nested
    class UdpOverIpv6 extends DatagramContract {
        @Override
        protected TestWorld open() throws IOException {
            return ipv6();
        }
    }

    @Nested
    class TcpOverIpv4 extends StreamContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.ip("127.0.0.1");
        }

        @Override
        protected Transport transport() {
            return Transport.TCP;
        }
    }

    @Nested
    class TcpOverIpv6 extends StreamContract {
        @Override
        protected TestWorld open() throws IOException {
            return ipv6();
        }

        @Override
        protected Transport transport() {
            return Transport.TCP;
        }
    }

    @Nested
    class Unix extends StreamContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.unix();
        }

        @Override
        protected Transport transport() {
            return Transport.UNIX;
        }
    }
}
