package org.oncrpckit.rpc.probe;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.json.JsonWriter;
import picocli.CommandLine.Command;

/** {@code rpcprobe versions}: which versions of a program a server has. */
@Command(
        name = "versions",
        description = {
            "Finds out which versions of a program a server has.",
            "Asks for a version that nobody has, which the server must refuse with the range of its"
                    + " versions (PROG_MISMATCH), then calls procedure 0 of each of them."
        })
final class VersionsCommand extends TargetCommand {
    /** Versions of a range that are called one by one. */
    private static final int CALLED_MAX = 64;

    @Override
    int run(RpcClient client)
            throws ProbeFailure, RpcException, UnknownHostException, InterruptedException {
        if (program().version().isPresent()) {
            throw usage("versions takes a program without a version");
        }
        RpcTarget target = locate(client);
        VersionRange range = range(client, target);
        List<Long> answering = new ArrayList<>();
        List<Long> refused = new ArrayList<>();
        // Some servers send the bounds the wrong way round.
        long one = Integer.toUnsignedLong(range.low());
        long other = Integer.toUnsignedLong(range.high());
        long low = Math.min(one, other);
        long high = Math.max(one, other);
        for (long version = low; version <= high && version - low < CALLED_MAX; version++) {
            boolean answers = tryVersion(client, target, (int) version).isEmpty();
            (answers ? answering : refused).add(version);
        }
        print(target, low, high, answering, refused);
        return answering.isEmpty() ? ExitStatus.NEGATIVE : ExitStatus.OK;
    }

    /** What the server says when it is asked for a version that does not exist. */
    private VersionRange range(RpcClient client, RpcTarget target)
            throws ProbeFailure, RpcException, InterruptedException {
        for (int nobodys : List.of(0, -1)) {
            Optional<RpcRejectedException> rejection = tryVersion(client, target, nobodys);
            if (rejection.isEmpty()) {
                continue;
            }
            RpcRejectedException rejected = rejection.get();
            return rejected.supportedVersions().orElseThrow(() -> absent(target, rejected));
        }
        throw new ProbeFailure(
                ExitStatus.NEGATIVE,
                "%s at %s accepts any version number: it does not check them"
                        .formatted(program(), where(target)));
    }

    private void print(
            RpcTarget target, long low, long high, List<Long> answering, List<Long> refused) {
        if (asJson()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("program", Integer.toUnsignedLong(program().number()));
            json.put("transport", name(target.transport()));
            json.put("address", address(target.address()));
            json.put("low", low);
            json.put("high", high);
            json.put("answering", answering);
            json.put("refused", refused);
            out().println(JsonWriter.text(json));
        } else {
            out().printf(
                            "%s at %s: versions %d to %d, answering: %s%s%s%n",
                            program(),
                            where(target),
                            low,
                            high,
                            answering.isEmpty() ? "none" : joined(answering),
                            refused.isEmpty() ? "" : ", refused: " + joined(refused),
                            high - low >= CALLED_MAX
                                    ? " (only the first " + CALLED_MAX + " were called)"
                                    : "");
        }
        out().flush();
    }

    private static String joined(List<Long> versions) {
        return versions.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
