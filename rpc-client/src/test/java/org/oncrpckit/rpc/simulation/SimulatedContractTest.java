package org.oncrpckit.rpc.simulation;

import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Nested;
import org.oncrpckit.rpc.transport.DatagramContract;
import org.oncrpckit.rpc.transport.StreamContract;
import org.oncrpckit.rpc.transport.TestWorld;
import org.oncrpckit.rpc.transport.Transport;

class SimulatedContractTest {
    @Nested
    class UdpOverIpv4 extends DatagramContract {
        @Override
        protected TestWorld open() {
            return new SimulatedWorld("10.0.0.1", "10.0.0.2");
        }
    }

    @Nested
    class UdpOverIpv6 extends DatagramContract {
        @Override
        protected TestWorld open() {
            return new SimulatedWorld("fd00::1", "fd00::2");
        }
    }

    @Nested
    class TcpOverIpv4 extends StreamContract {
        @Override
        protected TestWorld open() {
            return new SimulatedWorld("10.0.0.1", "10.0.0.2");
        }

        @Override
        protected Transport transport() {
            return Transport.TCP;
        }
    }

    @Nested
    class TcpOverIpv6 extends StreamContract {
        @Override
        protected TestWorld open() {
            return new SimulatedWorld("fd00::1", "fd00::2");
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
            return new SimulatedWorld(UnixDomainSocketAddress.of("/run/simulated.sock"));
        }

        @Override
        protected Transport transport() {
            return Transport.UNIX;
        }
    }
}
