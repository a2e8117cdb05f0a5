package org.oncrpckit.nlm.daemon;

import java.nio.file.Path;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
    /** No daemon answers. */
    static final int UNAVAILABLE = 69;

    /** The lock was not granted. */
    static final int NOT_GRANTED = 75;

    /** Where the daemon is; every subcommand has it. */
    static final class Socket {
        @Option(
                names = "--state-dir",
                paramLabel = "DIR",
                description = "State folder of the daemon (default: as for nlmd).")
        private Path stateFolder = NlmdSettings.defaultStateFolder();

        Path path() {
            return NlmdSettings.controlSocket(stateFolder);
        }
    }

    /** What a subcommand does with a connected daemon. */
    interface Request {
        /** Returns the exit status. */
        int run(AdminClient daemon) throws RpcException, InterruptedException;
    }

    /** Runs a request against the daemon and turns its failures into messages. */
    static int ask(Socket socket, Request request) throws InterruptedException {
        try (AdminClient daemon = AdminClient.connect(socket.path())) {
            return request.run(daemon);
        } catch (RpcException e) {
            System.err.println(
                    "nlmctl: no daemon answers on "
                            + socket.path()
                            + ": "
                            + e.getMessage()
                            + "; start nlmd, or name its state folder with --state-dir");
        }
        return UNAVAILABLE;
    }

    private Nlmctl() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Nlmctl()).execute(arguments));
    }
}
