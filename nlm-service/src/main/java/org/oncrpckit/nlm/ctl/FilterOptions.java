package org.oncrpckit.nlm.ctl;

import com.google.common.net.InetAddresses;
import java.time.Duration;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.xdr.Opaque;
import picocli.CommandLine.Option;

/** Which lines a command is about; all that are given must fit. */
final class FilterOptions {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            order = 10,
            description =
                    "Of this client: its address, or the name it calls itself; 'local' for"
                            + " processes of this host.")
    private String host = "";

    @Option(
            names = "--file",
            paramLabel = "NAME",
            order = 11,
            description = "On this file: as the FILE column shows it.")
    private String file = "";

    @Option(
            names = "--owner",
            paramLabel = "OWNER",
            order = 12,
            description =
                    "Of this owner: as the OWNER column shows it, or its number or handle alone.")
    private String owner = "";

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            order = 13,
            description = "Held or waiting for at least so long: 90, 90s, 5m, 2h, 1d.")
    private String olderThan = "0";

    /** The filter; wrong usage when an option makes no sense. */
    ListFilter toFilter(DaemonCommand command) {
        return new ListFilter(hostText(), fileName(command), owner, age(command).toSeconds());
    }

    private Opaque fileName(DaemonCommand command) {
        try {
            return file.isEmpty() ? Opaque.EMPTY : FileName.parse(file);
        } catch (IllegalArgumentException e) {
            throw command.usage(String.valueOf(e.getMessage()));
        }
    }

    private Duration age(DaemonCommand command) {
        try {
            return Ages.parse(olderThan);
        } catch (IllegalArgumentException e) {
            throw command.usage("--older-than " + olderThan + ": " + e.getMessage());
        }
    }

    /** An address has many texts; listings know one. */
    private String hostText() {
        return InetAddresses.isInetAddress(host)
                ? ListenAddresses.format(InetAddresses.forString(host))
                : host;
    }
}
