package org.oncrpckit.nlm.daemon;

import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;

/** {@code nlmctl locks}: who holds what. */
@Command(name = "locks", description = "Lists the locks that are held.")
final class NlmctlLocks extends NlmctlCommand {
    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        LockTableView.print(daemon.held());
        return 0;
    }
}
