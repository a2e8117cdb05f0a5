package org.oncrpckit.nlm.daemon;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.oncrpckit.nlm.admin.DaemonStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nlmctl status}: how the daemon does. */
@Command(
        name = "status",
        description = "Counts of locks, waiters and hosts; ports; grace.",
        mixinStandardHelpOptions = true)
final class NlmctlStatus implements Callable<Integer> {
    @Mixin private Nlmctl.Socket socket = new Nlmctl.Socket();

    @Override
    public Integer call() throws InterruptedException {
        return Nlmctl.ask(
                socket,
                daemon -> {
                    print(daemon.status());
                    return 0;
                });
    }

    private static void print(DaemonStatus status) {
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
    }

    private static void line(String name, Object value) {
        System.out.printf("%-12s%s%n", name, value);
    }
}
