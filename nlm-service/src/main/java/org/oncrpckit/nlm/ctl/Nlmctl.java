package org.oncrpckit.nlm.ctl;

import org.oncrpckit.nsm.daemon.ProjectVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code nlmctl}. */
@Command(
        name = "nlmctl",
        description = "Asks a running nlmd, frees what its clients have, and locks files.",
        mixinStandardHelpOptions = true,
        versionProvider = ProjectVersion.class,
        subcommands = {
            StatusCommand.class,
            LockListCommand.Held.class,
            LockListCommand.Waiting.class,
            SharesCommand.class,
            HostsCommand.class,
            GraphCommand.class,
            ReleaseCommand.class,
            GraceCommand.class,
            ProbeCommand.class,
            LockCommand.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "  0:done; 'lock': the exit status of COMMAND",
            "  1:'release': nothing fits, or more than one; 'probe': the client cannot be reached",
            "  2:wrong usage",
            " 69:no daemon answers on the control socket",
            " 75:'lock': the lock was not granted (in time)",
            " 76:the daemon does not take the command: it is of another version",
            " 77:the daemon serves its own user and root only",
            "127:'lock': COMMAND cannot be started"
        })
public final class Nlmctl {
    private Nlmctl() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Nlmctl()).execute(arguments));
    }
}
