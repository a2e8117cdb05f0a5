package org.oncrpckit.nlm.ctl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.NlmdStateFolder;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of {@code nlmctl}: finds the daemon, asks it, says so when nobody answers. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
abstract class DaemonCommand implements Callable<Integer> {
    /** Exit status: what was asked for is not so. */
    static final int NO = 1;

    /** Exit status: no daemon answers. */
    static final int UNAVAILABLE = 69;

    /** Exit status: what answers does not know this command. */
    static final int OTHER_VERSION = 76;

    /** Exit status: the daemon does not serve this user. */
    static final int NOT_PERMITTED = 77;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            order = 100,
            description = "State folder of the daemon (default: as for nlmd).")
    private Path stateFolder = NlmdStateFolder.defaultPlace();

    /**
     * Asks the daemon.
     *
     * @return the exit status
     */
    abstract int run(AdminClient daemon) throws RpcException, InterruptedException;

    /** Looks at the options before anybody is asked. */
    void check() {}

    @Override
    public final Integer call() throws InterruptedException {
        check();
        Path socket = NlmdStateFolder.controlSocket(stateFolder);
        try (AdminClient daemon = AdminClient.connect(socket)) {
            return run(daemon);
        } catch (RpcRejectedException e) {
            return e.authStatus().isPresent() ? notPermitted(socket) : notUnderstood(socket, e);
        } catch (RpcException e) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                return notPermitted(socket);
            }
            System.err.println(
                    "nlmctl: no daemon answers on "
                            + socket
                            + ": "
                            + e.getMessage()
                            + "; start nlmd, or name its state folder with --state-dir");
            return UNAVAILABLE;
        }
    }

    private static int notPermitted(Path socket) {
        System.err.println(
                "nlmctl: the daemon behind "
                        + socket
                        + " serves its own user and root only; run nlmctl as one of them (sudo)");
        return NOT_PERMITTED;
    }

    private static int notUnderstood(Path socket, RpcRejectedException rejection) {
        System.err.println(
                "nlmctl: the daemon behind "
                        + socket
                        + " does not take this command: "
                        + rejection.getMessage()
                        + "; use the nlmctl that came with it, or restart nlmd after an update; its"
                        + " log may say more");
        return OTHER_VERSION;
    }

    /** Wrong usage: exit status 2. */
    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
