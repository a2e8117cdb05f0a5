package org.oncrpckit.nlm.daemon;

import java.time.Duration;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;

/** {@code nlmctl status}: how the daemon does. */
@Command(name = "status", description = "Counts of locks, waiters and hosts; ports; grace.")
final class NlmctlStatus extends NlmctlCommand {
    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        DaemonStatus status = daemon.status();
        line("up", Duration.ofSeconds(status.uptimeSeconds()).toString().substring(2));
        line("addresses", String.join(" ", status.service().addresses()));
        line("nlm port", status.service().nlmPort());
        line("nsm port", status.service().nsmPort());
        line("rpcbind", status.service().rpcbind());
        line("nsm state", status.recovery().nsmState());
        line("grace left", status.recovery().graceSecondsLeft() + " s");
        line("to notify", status.recovery().hostsToNotify());
        line("locks", status.counts().locks());
        line("waiters", status.counts().waiters());
        line("hosts", status.counts().hosts());
        return 0;
    }

    private static void line(String name, Object value) {
        System.out.printf("%-12s%s%n", name, value);
    }
}
