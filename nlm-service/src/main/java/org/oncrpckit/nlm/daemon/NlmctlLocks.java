package org.oncrpckit.nlm.daemon;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nlmctl locks}: who holds what. */
@Command(
        name = "locks",
        description = "Lists the locks that are held.",
        mixinStandardHelpOptions = true)
final class NlmctlLocks implements Callable<Integer> {
    @Mixin private Nlmctl.Socket socket = new Nlmctl.Socket();

    @Override
    public Integer call() throws InterruptedException {
        return Nlmctl.ask(
                socket,
                daemon -> {
                    LockTableView.print(daemon.held());
                    return 0;
                });
    }
}
