package org.oncrpckit.nlm.daemon;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code nlmctl}. */
@Command(
        name = "nlmctl",
        description = "Asks a running nlmd, and locks files through it.",
        mixinStandardHelpOptions = true,
        versionProvider = ProjectVersion.class,
        subcommands = {
            NlmctlStatus.class,
            NlmctlLocks.class,
            NlmctlWaiters.class,
            NlmctlLock.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:done; 'lock': the exit status of COMMAND",
            " 2:wrong usage",
            "69:no daemon answers on the control socket",
            "75:'lock': the lock was not granted"
        })
public final class Nlmctl {
    private Nlmctl() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Nlmctl()).execute(arguments));
    }
}
