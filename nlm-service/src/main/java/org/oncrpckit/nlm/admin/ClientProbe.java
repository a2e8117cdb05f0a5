package org.oncrpckit.nlm.admin;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.ListedHost;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.Route;
import org.oncrpckit.nlm.admin.ProbeReply.Outcome;
import org.oncrpckit.nlm.admin.ProbeReply.Step;
import org.oncrpckit.nlm.admin.ProbeReply.Target;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * Tries to reach a client as a call-back would: its rpcbind, what that says of its lock manager,
 * and the lock manager itself, over UDP and TCP at once and in each version. Asked are addresses
 * only, never names. Thread-safe.
 */
public final class ClientProbe {
    /** Longest time for one step; of those that follow each other only the last can take it. */
    static final Duration STEP_LIMIT = Duration.ofSeconds(5);

    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withTimeLimit(STEP_LIMIT);

    /** Longest text of what went wrong in one step. */
    private static final int DETAIL_CHARACTERS_MAX = 500;

    private static final int RPCBIND_PROGRAM = 100_000;
    private static final int PORTMAP_VERSION = 2;
    private static final int RPCBIND_VERSION = 4;

    /** In the order in which they are tried: NFSv3 locks with 4, NFSv2 with 3 or 1. */
    private static final List<ProgramVersion> NLM_VERSIONS =
            Stream.of(4, 3, 1).map(version -> new ProgramVersion(Nlm.PROGRAM, version)).toList();

    private final RpcClient client;
    private final RpcbindClient rpcbind;
    private final NlmService service;
    private final Timers timers;

    /** Probes with the client that carries call-backs, so from the port that they leave from. */
    public ClientProbe(RpcClient client, RpcbindClient rpcbind, NlmService service, Timers timers) {
        this.client = client;
        this.rpcbind = rpcbind;
        this.service = service;
        this.timers = timers;
    }

    /** Never fails; what is no address is an unreachable one. */
    CompletionStage<ProbeReply> probe(String host) {
        if (!InetAddresses.isInetAddress(host)) {
            return CompletableFuture.completedFuture(
                    new ProbeReply(
                            false,
                            "'" + host + "' is no address: give one that 'nlmctl hosts' shows",
                            List.of()));
        }
        InetAddress address = InetAddresses.forString(host);
        InetAddress source = source(address);
        CompletableFuture<List<Step>> udp = probe(address, source, Transport.UDP);
        CompletableFuture<List<Step>> tcp = probe(address, source, Transport.TCP);
        return udp.thenCombine(
                tcp,
                (one, other) -> {
                    List<Step> steps = Stream.concat(one.stream(), other.stream()).toList();
                    return new ProbeReply(
                            steps.stream().anyMatch(s -> s.target() == Target.NLM && s.ok()),
                            ProbeVerdict.of(steps),
                            steps);
                });
    }

    /** Where the client has come to; routing picks where it has never come. */
    private @Nullable InetAddress source(InetAddress address) {
        return service.listing()
                .hosts()
                .filter(host -> host.address().equals(address) || host.aliases().contains(address))
                .map(ListedHost::routes)
                .flatMap(routes -> routes.stream().map(Route::server))
                .filter(server -> server.getClass() == address.getClass())
                .min((a, b) -> ListenAddresses.format(a).compareTo(ListenAddresses.format(b)))
                .orElse(null);
    }

    private CompletableFuture<List<Step>> probe(
            InetAddress host, @Nullable InetAddress source, Transport transport) {
        List<Step> steps = new ArrayList<>();
        int version = host instanceof Inet6Address ? RPCBIND_VERSION : PORTMAP_VERSION;
        InetSocketAddress port111 = new InetSocketAddress(host, RpcbindClient.PORT);
        CompletableFuture<Void> done =
                step(
                                steps,
                                transport,
                                Target.RPCBIND,
                                0,
                                port111,
                                ping(
                                        transport,
                                        port111,
                                        source,
                                        new ProgramVersion(RPCBIND_PROGRAM, version)))
                        .thenApply(answer -> null);
        for (ProgramVersion each : NLM_VERSIONS) {
            done = done.thenCompose(before -> ask(steps, host, source, transport, each));
        }
        return done.thenApply(ignored -> steps);
    }

    /** One version, unless what was tried before has come to nothing at all. */
    private CompletableFuture<Void> ask(
            List<Step> steps,
            InetAddress host,
            @Nullable InetAddress source,
            Transport transport,
            ProgramVersion nlm) {
        Outcome last = steps.get(steps.size() - 1).outcome();
        boolean pointless =
                last == Outcome.SILENCE
                        || last == Outcome.UNREACHABLE
                        || (steps.size() == 1 && last == Outcome.REFUSED);
        return pointless
                ? CompletableFuture.completedFuture(null)
                : lookUp(steps, host, source, transport, nlm)
                        .thenCompose(
                                found ->
                                        found.isEmpty()
                                                ? CompletableFuture.completedFuture(null)
                                                : step(
                                                                steps,
                                                                transport,
                                                                Target.NLM,
                                                                nlm.version(),
                                                                found.get(),
                                                                ping(
                                                                        transport,
                                                                        found.get(),
                                                                        source,
                                                                        nlm))
                                                        .thenApply(answer -> null));
    }

    private CompletableFuture<Optional<InetSocketAddress>> lookUp(
            List<Step> steps,
            InetAddress host,
            @Nullable InetAddress source,
            Transport transport,
            ProgramVersion nlm) {
        return step(
                        steps,
                        transport,
                        Target.LOOKUP,
                        nlm.version(),
                        new InetSocketAddress(host, RpcbindClient.PORT),
                        rpcbind.lookUp(host, source, nlm, transport, OPTIONS))
                .thenApply(
                        answer -> {
                            Optional<InetSocketAddress> found = answer.flatMap(each -> each);
                            Step last = steps.remove(steps.size() - 1);
                            steps.add(answer.isEmpty() ? last : said(last, found));
                            return found;
                        });
    }

    private static Step said(Step step, Optional<InetSocketAddress> found) {
        return new Step(
                step.transport(),
                step.target(),
                step.version(),
                step.address(),
                found.isPresent() ? Outcome.ANSWERED : Outcome.REFUSED,
                step.millis(),
                found.map(address -> "port " + address.getPort())
                        .orElse("no lock manager of this version is registered"));
    }

    private CompletableFuture<Nothing> ping(
            Transport transport,
            InetSocketAddress address,
            @Nullable InetAddress source,
            ProgramVersion program) {
        return client.call(
                new RpcTarget(transport, address, source),
                new Procedure<>(program, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID),
                Nothing.NOTHING,
                OPTIONS);
    }

    /** Writes down how a call ended; empty when it brought no answer. */
    private <T> CompletableFuture<Optional<T>> step(
            List<Step> steps,
            Transport transport,
            Target target,
            int version,
            InetSocketAddress address,
            CompletableFuture<T> call) {
        long began = timers.nanoTime();
        return call.handle(
                (answer, failure) -> {
                    steps.add(
                            new Step(
                                    transport.name().toLowerCase(Locale.ROOT),
                                    target,
                                    version,
                                    ListenAddresses.format(address.getAddress())
                                            + " "
                                            + address.getPort(),
                                    failure == null
                                            ? Outcome.ANSWERED
                                            : outcome(Failures.causeOf(failure)),
                                    Duration.ofNanos(timers.nanoTime() - began).toMillis(),
                                    failure == null ? "" : text(Failures.causeOf(failure))));
                    return failure == null ? Optional.of(answer) : Optional.empty();
                });
    }

    private static Outcome outcome(Throwable failure) {
        if (failure instanceof RpcTimeoutException) {
            return Outcome.SILENCE;
        }
        return failure instanceof RpcRejectedException ? Outcome.REFUSED : Outcome.UNREACHABLE;
    }

    private static String text(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.length() <= DETAIL_CHARACTERS_MAX
                ? message
                : message.substring(0, DETAIL_CHARACTERS_MAX);
    }
}
