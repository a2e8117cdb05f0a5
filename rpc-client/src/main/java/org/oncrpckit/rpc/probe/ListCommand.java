package org.oncrpckit.rpc.probe;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.json.JsonWriter;
import org.oncrpckit.rpc.rpcbind.Netid;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.rpcbind.UniversalAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Parameters;

/** {@code rpcprobe list}: what a host has registered. */
@Command(
        name = "list",
        description = {
            "Lists the programs that a host has registered with rpcbind.",
            "Asks version 4 of rpcbind, then 3, then 2; without HOST over /run/rpcbind.sock."
        })
final class ListCommand extends ProbeCommand {
    private static final String ROW = "%10s  %-14s %7s  %-5s  %-28s %s%n";

    private final ProgramNames names;

    @Parameters(
            paramLabel = "HOST",
            arity = "0..1",
            defaultValue = "",
            showDefaultValue = Visibility.NEVER,
            description = "Whom to ask (default: this host's rpcbind, over its socket).")
    private String host = "";

    ListCommand(ProgramNames names) {
        this.names = names;
    }

    @Override
    int run(RpcClient client) throws RpcException, UnknownHostException, InterruptedException {
        List<Registration> found =
                new ArrayList<>(
                        await(
                                host.isEmpty()
                                        ? rpcbind(client).dumpLocal(options())
                                        : rpcbind(client).dump(resolve(host), options())));
        found.sort(
                Comparator.<Registration, Long>comparing(
                                each -> Integer.toUnsignedLong(each.programVersion().program()))
                        .thenComparing(
                                each -> Integer.toUnsignedLong(each.programVersion().version()))
                        .thenComparing(Registration::netid));
        if (asJson()) {
            out().println(
                            JsonWriter.text(
                                    Map.of("programs", found.stream().map(this::json).toList())));
        } else {
            out().printf(ROW, "program", "name", "version", "netid", "address", "owner");
            found.forEach(this::print);
        }
        out().flush();
        return ExitStatus.OK;
    }

    private Map<String, Object> json(Registration registration) {
        Map<String, Object> json = new LinkedHashMap<>();
        int program = registration.programVersion().program();
        json.put("program", Integer.toUnsignedLong(program));
        names.nameOf(program).ifPresent(name -> json.put("name", name));
        json.put("version", Integer.toUnsignedLong(registration.programVersion().version()));
        json.put("netid", registration.netid());
        json.put("address", readable(registration));
        json.put("universalAddress", registration.address());
        json.put("owner", registration.owner());
        return json;
    }

    private void print(Registration registration) {
        int program = registration.programVersion().program();
        String row =
                ROW.formatted(
                        Integer.toUnsignedString(program),
                        names.nameOf(program).orElse("-"),
                        Integer.toUnsignedString(registration.programVersion().version()),
                        Printed.plain(registration.netid()),
                        Printed.plain(readable(registration)),
                        Printed.plain(registration.owner()));
        out().println(row.stripTrailing());
    }

    /** Address and port as people write them; whatever the host said when that is not possible. */
    private static String readable(Registration registration) {
        if (registration.netid().equals(Netid.LOCAL)) {
            return registration.address();
        }
        try {
            InetSocketAddress address = UniversalAddress.parse(registration.address());
            return AddressText.of(address);
        } catch (IllegalArgumentException e) {
            return registration.address();
        }
    }
}
