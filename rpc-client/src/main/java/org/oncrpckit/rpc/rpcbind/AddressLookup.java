package org.oncrpckit.rpc.rpcbind;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.rpcbind.PortmapProtocol.Mapping;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Asks one host where it serves something, in one protocol version after the other.
 *
 * <p>Version 2 knows IPv4 only, but every IPv4 host has it and answers in one word, so it comes
 * first there, over any transport. Versions 3 and 4 are asked over the very transport that is
 * looked up: rpcbind on Linux and BSD ignores the netid in the question and answers for the
 * transport that brought it. Some servers answer version 4 with nothing, or with nonsense, and
 * version 3 well: only when the last version says so is a program not registered. The answer's port
 * alone is used; a host that names another host's address is not followed there.
 */
final class AddressLookup {
    private enum Version {
        V2,
        V3,
        V4
    }

    private final Conversation conversation;
    private final InetAddress host;
    private final ProgramVersion programVersion;
    private final Transport transport;
    private final Queue<Version> untried;
    private boolean absent;

    AddressLookup(
            Conversation conversation,
            InetAddress host,
            ProgramVersion programVersion,
            Transport transport) {
        this.conversation = conversation;
        this.host = host;
        this.programVersion = programVersion;
        this.transport = transport;
        this.untried =
                new ArrayDeque<>(
                        host instanceof Inet4Address
                                ? List.of(Version.V2, Version.V4, Version.V3)
                                : List.of(Version.V4, Version.V3));
    }

    /** Empty when the host says that the program is not registered. */
    CompletableFuture<Optional<InetSocketAddress>> run() {
        return next(new IOException("no version of rpcbind to ask"));
    }

    private CompletableFuture<Optional<InetSocketAddress>> next(Throwable last) {
        Version version = untried.poll();
        if (version == null) {
            return absent
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(last);
        }
        return ask(version)
                .thenApply(found -> new Answer(found, null))
                .exceptionally(failure -> new Answer(Optional.empty(), Failures.causeOf(failure)))
                .thenCompose(answer -> judge(version, answer));
    }

    /** What one version said: an address, or none, or why there is no answer. */
    private record Answer(Optional<InetSocketAddress> found, @Nullable Throwable failure) {}

    private CompletableFuture<Optional<InetSocketAddress>> judge(Version version, Answer answer) {
        Throwable failure = answer.failure;
        if (failure == null) {
            if (answer.found.isPresent() || version == Version.V2) {
                return CompletableFuture.completedFuture(answer.found);
            }
            absent = true;
            return next(new IOException("not registered"));
        }
        return Conversation.isAnswer(failure) || failure instanceof UnusableAddressException
                ? next(failure)
                : CompletableFuture.failedFuture(failure);
    }

    private CompletableFuture<Optional<InetSocketAddress>> ask(Version version) {
        if (version == Version.V2) {
            int protocol = transport == Transport.UDP ? PortmapProtocol.UDP : PortmapProtocol.TCP;
            return conversation
                    .ask(PortmapProtocol.GETPORT, new Mapping(programVersion, protocol, 0))
                    .thenApply(this::withPort);
        }
        RpcbindProtocol protocol = version == Version.V4 ? RpcbindProtocol.V4 : RpcbindProtocol.V3;
        return askForAddress(protocol.getAddress());
    }

    /** Where exactly this version is, which version 4 alone can tell. */
    CompletableFuture<Optional<InetSocketAddress>> exactly() {
        return askForAddress(RpcbindProtocol.GET_VERSION_ADDRESS);
    }

    private CompletableFuture<Optional<InetSocketAddress>> askForAddress(
            Procedure<Registration, String> procedure) {
        // The host's own address tells a multi-homed rpcbind which of its addresses we can reach.
        String hint = UniversalAddress.format(new InetSocketAddress(host, RpcbindClient.PORT));
        Registration wanted = new Registration(programVersion, Netid.of(transport, host), hint, "");
        return conversation.askOver(transport, procedure, wanted).thenCompose(this::parsed);
    }

    private CompletableFuture<Optional<InetSocketAddress>> parsed(String address) {
        if (address.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            int port = UniversalAddress.parse(address).getPort();
            return port == 0
                    ? CompletableFuture.failedFuture(new UnusableAddressException(host, address))
                    : CompletableFuture.completedFuture(withPort(port));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new UnusableAddressException(host, address));
        }
    }

    private Optional<InetSocketAddress> withPort(int port) {
        return port == 0 ? Optional.empty() : Optional.of(new InetSocketAddress(host, port));
    }
}
