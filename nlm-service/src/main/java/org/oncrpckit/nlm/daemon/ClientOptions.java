package org.oncrpckit.nlm.daemon;

import java.net.InetAddress;
import java.util.List;
import org.oncrpckit.nlm.CallbackTransport;
import org.oncrpckit.nlm.HostAliases;
import org.oncrpckit.nsm.daemon.DaemonCommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who the clients are, and how they are called back. */
final class ClientOptions {
    private static final String ALIAS = "--alias";

    @Option(
            order = 0,
            names = "--callback",
            paramLabel = "same|udp",
            description =
                    "How waiting clients are told of their locks: over the transport of their"
                            + " request, or all over UDP, from the port of --nlm-port, where they"
                            + " have registered UDP (default: same).")
    private CallbackTransport callback = CallbackTransport.SAME;

    @Option(
            order = 1,
            names = ALIAS,
            paramLabel = "NAME=ADDR,ADDR...",
            converter = AliasConverter.class,
            description =
                    "These addresses are one client's; may be given several times (default: every"
                            + " address is a client).")
    private List<HostAliases.Host> aliases = List.of();

    @Option(
            order = 2,
            names = "--granted-call",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "ADDR[,ADDR...]",
            converter = AddressConverter.class,
            description =
                    "Tell these clients of their locks by the procedure GRANTED, for those that"
                            + " take no GRANTED_MSG (default: none).")
    private List<InetAddress> grantedByCall = List.of();

    ClientOptions() {}

    CallbackTransport callback() {
        return callback;
    }

    List<InetAddress> grantedByCall() {
        return grantedByCall;
    }

    /** The sets of addresses; wrong usage when one address is in two of them. */
    HostAliases aliases(CommandSpec command) {
        try {
            return HostAliases.of(aliases);
        } catch (IllegalArgumentException e) {
            throw DaemonCommandLine.wrong(command, ALIAS, ALIAS + ": " + e.getMessage());
        }
    }
}
