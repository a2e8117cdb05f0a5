package org.oncrpckit.nlm.ctl;

import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.HostLine;
import org.oncrpckit.nlm.admin.ListFilter;
import org.oncrpckit.nlm.admin.ReleaseReply;
import org.oncrpckit.nlm.admin.ReleaseRequest;
import org.oncrpckit.nlm.admin.ReleaseRequest.What;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nlmctl release}: frees what a client that will not come back has. */
@Command(
        name = "release",
        description = {
            "Frees what somebody has: with --file, what one owner holds of that file (of --range);"
                    + " without it, with --owner, all that the owner has; with --host alone, all"
                    + " that the host has.",
            "The client is not told: one that is alive goes on as if it had its lock."
        })
final class ReleaseCommand extends DaemonCommand {
    @Mixin private FilterOptions filter = new FilterOptions();

    @Option(
            names = "--range",
            paramLabel = "A:B",
            order = 20,
            description = "With --file: first and last byte; 'A:' to the end (default: 0:).")
    private String range = "";

    @Option(names = "--dry-run", order = 21, description = "Only say what would be freed.")
    private boolean dryRun;

    @Option(names = "--json", order = 90, description = "Print JSON for programs.")
    private boolean json;

    @Override
    void check() {
        request();
    }

    private ReleaseRequest request() {
        ListFilter wanted = filter.toFilter(this);
        if (wanted.olderThanSeconds() != 0) {
            throw usage("--older-than: list first, then release one by one");
        }
        if (wanted.file().length() == 0 && !range.isEmpty()) {
            throw usage("--range needs --file");
        }
        if (wanted.equals(ListFilter.ALL)) {
            throw usage("say what to release: --host, --owner, or --file");
        }
        What what =
                wanted.file().length() > 0
                        ? What.LOCK
                        : wanted.owner().isEmpty() ? What.HOST : What.OWNER;
        ByteRange bytes = ByteRange.parse(this, range.isEmpty() ? "0:" : range);
        return new ReleaseRequest(what, wanted, bytes.first(), bytes.last(), dryRun);
    }

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        ReleaseReply reply = daemon.release(request());
        boolean done = reply.outcome() == ReleaseReply.Outcome.RELEASED;
        if (json) {
            print(new JsonWriter(System.out), reply);
            System.out.println();
        } else if (done) {
            print(reply);
        } else {
            System.err.println("nlmctl: " + reply.detail());
        }
        return done ? 0 : NO;
    }

    private void print(ReleaseReply reply) {
        HostLine.Use use = reply.use();
        LockTableView table = new LockTableView(System.out);
        reply.locks().forEach(table::line);
        if (reply.locks().size() < use.locks()) {
            System.out.println("... and " + (use.locks() - reply.locks().size()) + " more");
        }
        System.out.printf(
                "%s: locks %d, waiting requests %d, share reservations %d%n",
                dryRun ? "would be released" : "released",
                use.locks(),
                use.waiters(),
                use.shares());
    }

    private void print(JsonWriter out, ReleaseReply reply) {
        out.object().field("outcome", reply.outcome().name()).field("dryRun", dryRun);
        out.field("detail", reply.detail()).object("released");
        Json.use(out, reply.use());
        out.endObject().array("locks");
        reply.locks().forEach(line -> Json.write(out, line));
        out.endArray().endObject();
    }
}
