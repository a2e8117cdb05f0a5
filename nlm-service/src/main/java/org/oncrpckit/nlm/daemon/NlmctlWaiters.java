package org.oncrpckit.nlm.daemon;

import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;

/** {@code nlmctl waiters}: who waits for what. */
@Command(name = "waiters", description = "Lists the requests that wait, in order of arrival.")
final class NlmctlWaiters extends NlmctlCommand {
    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        LockTableView.print(daemon.waiting());
        return 0;
    }
}
