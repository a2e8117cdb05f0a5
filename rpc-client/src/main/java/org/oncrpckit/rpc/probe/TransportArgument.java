package org.oncrpckit.rpc.probe;

import java.net.UnixDomainSocketAddress;
import java.util.Optional;
import org.oncrpckit.rpc.transport.Transport;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A transport as the user names it: {@code udp}, {@code tcp}, {@code unix:PATH}.
 *
 * @param transport what carries the messages
 * @param path of the socket, for {@code unix}
 */
record TransportArgument(Transport transport, Optional<UnixDomainSocketAddress> path) {
    static final TransportArgument UDP = new TransportArgument(Transport.UDP, Optional.empty());

    private static final String UNIX = "unix:";

    @Override
    public String toString() {
        return TargetCommand.name(transport);
    }

    /** Reads what the user typed. */
    static final class Converter implements ITypeConverter<TransportArgument> {
        @Override
        public TransportArgument convert(String text) {
            if (text.equalsIgnoreCase("udp")) {
                return UDP;
            }
            if (text.equalsIgnoreCase("tcp")) {
                return new TransportArgument(Transport.TCP, Optional.empty());
            }
            if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
                String path = text.substring(UNIX.length());
                return new TransportArgument(
                        Transport.UNIX, Optional.of(UnixDomainSocketAddress.of(path)));
            }
            throw new TypeConversionException(
                    "transport \"" + text + "\" (expected: udp, tcp or unix:PATH)");
        }
    }
}
