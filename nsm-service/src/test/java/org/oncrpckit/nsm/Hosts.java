package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/** Values for tests. */
final class Hosts {
    static final InetAddress SERVER = address("10.99.0.1");
    static final HostName SERVER_NAME = HostName.of("server.example.org");

    private Hosts() {}

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    /** Client number n, 0 to 65535. */
    static InetAddress client(int n) {
        return address("10.99." + (1 + n / 256) + "." + n % 256);
    }

    static MonitoredHost monitored(InetAddress address) {
        return new MonitoredHost(address, HostName.of("client"), SERVER, SERVER_NAME);
    }

    static HostRecord record(InetAddress address) {
        return new HostRecord(address, List.of(Contact.of(monitored(address))));
    }

    static Contact callBack(String name, int program) {
        CallBack callBack = new CallBack(program, 4, 16, Opaque.copyOf(new byte[16]));
        return new Contact(
                HostName.of(name),
                address("0.0.0.0"),
                SERVER_NAME,
                Optional.of(callBack),
                0,
                false);
    }
}
