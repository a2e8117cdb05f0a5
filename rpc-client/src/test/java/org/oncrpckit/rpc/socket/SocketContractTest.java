package org.oncrpckit.rpc.socket;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;
import org.oncrpckit.rpc.transport.DatagramContract;
import org.oncrpckit.rpc.transport.StreamContract;
import org.oncrpckit.rpc.transport.TestWorld;
import org.oncrpckit.rpc.transport.Transport;

class SocketContractTest {
    private static final String HAS_IPV6 = "org.oncrpckit.rpc.testing.HostFacts#hasIpv6";
    private static final String WHY_NOT = "this host has no ::1";

    @Nested
    class UdpOverIpv4 extends DatagramContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.ip("127.0.0.1");
        }
    }

    @Nested
    @EnabledIf(value = HAS_IPV6, disabledReason = WHY_NOT)
    class UdpOverIpv6 extends DatagramContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.ip("::1");
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
    @EnabledIf(value = HAS_IPV6, disabledReason = WHY_NOT)
    class TcpOverIpv6 extends StreamContract {
        @Override
        protected TestWorld open() {
            return SocketWorld.ip("::1");
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
