package org.oncrpckit.nlm.daemon;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nlmctl waiters}: who waits for what. */
@Command(
        name = "waiters",
        description = "Lists the requests that wait, in order of arrival.",
        mixinStandardHelpOptions = true)
final class NlmctlWaiters implements Callable<Integer> {
    @Mixin private Nlmctl.Socket socket = new Nlmctl.Socket();

    @Override
    public Integer call() throws InterruptedException {
        return Nlmctl.ask(
                socket,
                daemon -> {
                    LockTableView.print(daemon.waiting());
                    return 0;
                });
    }
}
