package org.oncrpckit.nlm.ctl;

import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nlmctl grace}: the time after a restart in which locks can only be reclaimed. */
@Command(
        name = "grace",
        description = {
            "Says how much is left of the grace period, or ends it.",
            "What is not reclaimed when it ends can be taken by anybody."
        })
final class GraceCommand extends DaemonCommand {
    /** What can be done to it. */
    enum Action {
        /** Says how much is left. */
        show,
        /** Ends it. */
        end
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "end",
            description = "End the grace period now (written to the daemon's log).")
    private Action action = Action.show;

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        if (action == Action.end) {
            System.out.println(
                    daemon.endGrace() ? "the grace period has ended" : "there is no grace period");
            return 0;
        }
        long left = daemon.status().recovery().graceSecondsLeft();
        System.out.println(left == 0 ? "there is no grace period" : left + " s left at the most");
        return 0;
    }
}
