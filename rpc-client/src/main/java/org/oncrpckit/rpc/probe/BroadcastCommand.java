package org.oncrpckit.rpc.probe;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.BroadcastReply;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Gathering;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rpcprobe broadcast}: who on the local networks serves a program. */
@Command(
        name = "broadcast",
        description = {
            "Finds the hosts of the local networks that serve a program.",
            "Asks their rpcbinds to call procedure 0 of it; many pass no calls on unless told to"
                + " (Debian's needs -r). Listens until --timeout. A network that cannot be asked is"
                + " reported, and the others are asked all the same."
        })
final class BroadcastCommand extends ProbeCommand {
    private static final int REPLIES_MAX = 65_536;

    private final ProgramNames names;

    @Parameters(
            arity = "1..*",
            paramLabel = "PROGRAM/VERSION",
            description = "Name or number and version, as in nfs/3, 100003/3.")
    private List<ProgramArgument> programs = List.of();

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description =
                    "Where to, instead of the broadcast addresses of all interfaces (or, with -6,"
                            + " ff02::202 on each): repeatable.")
    private List<String> destinations = List.of();

    @Option(
            names = "--max-replies",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Stop listening after so many answers for a program and network.")
    private int repliesMax;

    BroadcastCommand(ProgramNames names) {
        this.names = names;
    }

    /** A network to ask, and from which address. */
    private record Network(InetAddress everybody, @Nullable InetAddress source) {
        @Override
        public String toString() {
            String to = everybody.getHostAddress();
            return source == null ? to : to + " from " + source.getHostAddress();
        }
    }

    /** Who answered for a program on a network. */
    private record Question(
            ProgramArgument program, Network network, CompletableFuture<Answers> answers) {}

    private record Answers(List<BroadcastReply<Nothing>> replies) {}

    @Override
    void checkOptions() {
        super.checkOptions();
        requireRange("--max-replies", repliesMax, 1, REPLIES_MAX);
        for (ProgramArgument each : programs) {
            if (each.version().isEmpty()) {
                throw usage("broadcast needs a version, as in " + each.number() + "/1");
            }
        }
    }

    @Override
    int run(RpcClient client) throws ProbeFailure, UnknownHostException, InterruptedException {
        List<Network> networks = networks();
        if (networks.isEmpty()) {
            throw new ProbeFailure(
                    ExitStatus.NO_ANSWER, "no interface can broadcast; name an address with --to");
        }
        List<Question> questions = new ArrayList<>();
        for (ProgramArgument program : programs) {
            for (Network network : networks) {
                questions.add(ask(client, program, network));
            }
        }
        List<Map<String, Object>> found = new ArrayList<>();
        Map<Network, RpcException> failures = new LinkedHashMap<>();
        for (Question question : questions) {
            try {
                addresses(await(question.answers()))
                        .forEach(address -> found.add(row(question.program(), address)));
            } catch (RpcException e) {
                failures.putIfAbsent(question.network(), e);
            }
        }
        failures.forEach((network, failure) -> warn("network " + network, failure));
        print(found.stream().distinct().toList(), failures);
        if (found.isEmpty()) {
            return ExitStatus.NO_ANSWER;
        }
        return failures.isEmpty() ? ExitStatus.OK : ExitStatus.NEGATIVE;
    }

    /** In order, and each once: several networks may lead to one host. */
    private static SortedSet<String> addresses(Answers answers) {
        SortedSet<String> addresses = new TreeSet<>();
        answers.replies().forEach(reply -> addresses.add(AddressText.of(reply.from())));
        return addresses;
    }

    private Question ask(RpcClient client, ProgramArgument program, Network network) {
        ProgramVersion wanted = new ProgramVersion(program.number(), program.version().orElse(0));
        Procedure<Nothing, Nothing> nothing =
                new Procedure<>(wanted, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);
        CallOptions options = options();
        CompletableFuture<Answers> answers =
                rpcbind(client)
                        .broadcast(
                                network.everybody(),
                                network.source(),
                                nothing,
                                Nothing.NOTHING,
                                options,
                                Gathering.upTo(repliesMax))
                        .thenApply(Answers::new);
        return new Question(program, network, answers);
    }

    private List<Network> networks() throws UnknownHostException {
        List<Network> networks = new ArrayList<>();
        for (String each : destinations) {
            networks.add(new Network(resolve(each), null));
        }
        if (!destinations.isEmpty()) {
            return networks;
        }
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (!each.isUp()) {
                    continue;
                }
                if (onlyIpv6()) {
                    multicast(each).ifPresent(networks::add);
                } else {
                    each.getInterfaceAddresses()
                            .forEach(address -> addBroadcast(networks, address));
                }
            }
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return networks;
    }

    private static void addBroadcast(List<Network> networks, InterfaceAddress address) {
        InetAddress everybody = address.getBroadcast();
        if (everybody != null && address.getAddress() instanceof Inet4Address) {
            networks.add(new Network(everybody, address.getAddress()));
        }
    }

    private static Optional<Network> multicast(NetworkInterface through)
            throws SocketException, UnknownHostException {
        if (!through.supportsMulticast() || through.isLoopback()) {
            return Optional.empty();
        }
        InetAddress everybody =
                InetAddress.getByName(RpcbindClient.MULTICAST + "%" + through.getIndex());
        return through.inetAddresses()
                .filter(InetAddress::isLinkLocalAddress)
                .filter(address -> !(address instanceof Inet4Address))
                .findFirst()
                .map(source -> new Network(everybody, source));
    }

    private Map<String, Object> row(ProgramArgument program, String address) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("program", Integer.toUnsignedLong(program.number()));
        names.nameOf(program.number()).ifPresent(name -> row.put("name", name));
        row.put("version", Integer.toUnsignedLong(program.version().orElse(0)));
        row.put("address", address);
        return row;
    }

    private void print(List<Map<String, Object>> found, Map<Network, RpcException> failures) {
        if (asJson()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("answers", found);
            json.put("notAsked", failures.keySet().stream().map(Network::toString).toList());
            out().println(JsonWriter.text(json));
        } else {
            for (Map<String, Object> each : found) {
                out().printf(
                                "%10s  %-14s %7s  %s%n",
                                each.get("program"),
                                each.getOrDefault("name", "-"),
                                each.get("version"),
                                each.get("address"));
            }
        }
        out().flush();
    }
}
