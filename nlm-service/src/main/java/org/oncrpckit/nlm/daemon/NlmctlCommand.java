package org.oncrpckit.nlm.daemon;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command of {@code nlmctl}: finds the daemon, asks it, says so when nobody answers. */
@Command(mixinStandardHelpOptions = true)
abstract class NlmctlCommand implements Callable<Integer> {
    /** Exit status: no daemon answers. */
    static final int UNAVAILABLE = 69;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "State folder of the daemon (default: as for nlmd).")
    private Path stateFolder = NlmdSettings.defaultStateFolder();

    /**
     * Asks the daemon.
     *
     * @return the exit status
     */
    abstract int run(AdminClient daemon) throws RpcException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        Path socket = NlmdSettings.controlSocket(stateFolder);
        try (AdminClient daemon = AdminClient.connect(socket)) {
            return run(daemon);
        } catch (RpcException e) {
            System.err.println(
                    "nlmctl: no daemon answers on "
                            + socket
                            + ": "
                            + e.getMessage()
                            + "; start nlmd, or name its state folder with --state-dir");
            return UNAVAILABLE;
        }
    }
}
