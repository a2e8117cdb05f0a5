package org.oncrpckit.nlm.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.relay.RelayProtocol;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * The way over this host's daemon: one connection to its control socket, on which we announce what
 * we wait for and are called. When it breaks it is made again, and everything announced again;
 * meanwhile grants are missed, and the servers asked instead. Thread-safe.
 */
final class RelayCallBacks implements CallBackPath {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(30);
    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withTimeLimit(ANSWER_LIMIT);

    private final RpcPlatform platform;
    private final RpcClient client;
    private final UnixDomainSocketAddress socket;
    private final ClientCore core;
    private final ClientIdentity identity;
    private final RpcServer server;
    private final AtomicLong lastExpectation = new AtomicLong();

    /** What is to be announced on each new connection. */
    @GuardedBy("this")
    private final Map<Long, Announcement<?>> announcements = new HashMap<>();

    @GuardedBy("this")
    private final Set<InetAddress> monitored = new HashSet<>();

    @GuardedBy("this")
    private @Nullable Endpoint connection;

    @GuardedBy("this")
    private boolean closed;

    /** Something to announce, and what the daemon calls it on the present connection. */
    private static final class Announcement<A> {
        final Procedure<A, Long> procedure;
        final A arguments;

        /** Guarded by the owner. 0 when the daemon does not know of it. */
        long token;

        /** Guarded by the owner. */
        boolean over;

        Announcement(Procedure<A, Long> procedure, A arguments) {
            this.procedure = procedure;
            this.arguments = arguments;
        }
    }

    RelayCallBacks(
            RpcPlatform platform,
            RpcClient client,
            UnixDomainSocketAddress socket,
            ClientCore core,
            ClientIdentity identity) {
        this.platform = platform;
        this.client = client;
        this.socket = socket;
        this.core = core;
        this.identity = identity;
        this.server = RpcServer.builder(platform).program(program()).build();
    }

    private RpcProgram program() {
        return RpcProgram.builder(RelayProtocol.VERSION.program(), "lock client")
                .asynchronous(
                        RelayProtocol.GRANTED,
                        (call, forwarded) ->
                                call.answerFrom(
                                        core.callsOfServers()
                                                .granted(forwarded.sender(), forwarded.content())))
                .procedure(
                        RelayProtocol.TEST_RESULT,
                        (call, forwarded) -> {
                            core.callsOfServers()
                                    .testAnswered(forwarded.sender(), forwarded.content());
                            return Nothing.NOTHING;
                        })
                .procedure(
                        RelayProtocol.STATUS_RESULT,
                        (call, forwarded) -> {
                            core.callsOfServers()
                                    .lockAnswered(forwarded.sender(), forwarded.content());
                            return Nothing.NOTHING;
                        })
                .procedure(
                        RelayProtocol.REBOOTED,
                        (call, reboot) -> {
                            core.serverRebooted(reboot.server(), reboot.state());
                            return Nothing.NOTHING;
                        })
                .build();
    }

    /**
     * Connects for the first time.
     *
     * @return completes when the daemon has answered; fails when there is none
     */
    CompletionStage<Void> open() {
        return connect();
    }

    private CompletionStage<Void> connect() {
        return platform.network()
                .connect(socket, null, ANSWER_LIMIT)
                .thenCompose(
                        endpoint -> {
                            server.attach(endpoint);
                            client.attach(endpoint);
                            return ask(endpoint, RelayProtocol.HELLO, Nothing.NOTHING)
                                    .whenComplete(
                                            (host, failure) -> {
                                                if (failure != null) {
                                                    endpoint.close();
                                                }
                                            })
                                    .thenCompose(host -> connected(endpoint, host));
                        });
    }

    private CompletionStage<Void> connected(Endpoint endpoint, RelayProtocol.Host host) {
        List<Announcement<?>> again;
        Set<InetAddress> hosts;
        synchronized (this) {
            if (closed) {
                endpoint.close();
                return CompletableFuture.failedFuture(new IOException("the client is closed"));
            }
            connection = endpoint;
            again = List.copyOf(announcements.values());
            again.forEach(each -> each.token = 0);
            hosts = Set.copyOf(monitored);
        }
        boolean restarted = identity.state() != 0 && identity.state() != host.state();
        identity.learn(host.name(), host.state());
        again.forEach(
                each -> {
                    var unused = announce(endpoint, each);
                });
        hosts.forEach(
                each -> {
                    var unused =
                            monitor(endpoint, each)
                                    .exceptionally(failure -> notMonitored(each, failure));
                });
        if (restarted) {
            core.monitorRestarted();
        }
        var unused = endpoint.closed().thenRun(() -> disconnected(endpoint));
        return CompletableFuture.completedFuture(null);
    }

    private void disconnected(Endpoint endpoint) {
        synchronized (this) {
            if (connection != endpoint) {
                return;
            }
            connection = null;
        }
        retry(RETRY_FIRST);
    }

    private void retry(Duration delay) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        Duration doubled = delay.multipliedBy(2);
        Duration next = doubled.compareTo(RETRY_LONGEST) < 0 ? doubled : RETRY_LONGEST;
        platform.timers()
                .schedule(
                        delay,
                        () -> {
                            var unused =
                                    connect()
                                            .whenComplete(
                                                    (done, failure) -> {
                                                        if (failure != null) {
                                                            retry(next);
                                                        }
                                                    });
                        });
    }

    private <A, R> CompletableFuture<R> ask(
            Endpoint endpoint, Procedure<A, R> procedure, A arguments) {
        SocketAddress peer = endpoint.peer().orElse(socket);
        return client.callOn(endpoint, peer, procedure, arguments, OPTIONS);
    }

    @Override
    public CompletionStage<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    /** What the relay brings may be old: the daemon gives up on a process that is slow. */
    @Override
    public boolean bringsHints() {
        return true;
    }

    @Override
    public CompletionStage<Expectation> expectGrant(
            InetAddress from, WireLock description, boolean exclusive) {
        TestArgs grant = new TestArgs(Opaque.EMPTY, exclusive, description);
        return expect(
                new Announcement<>(
                        RelayProtocol.EXPECT_GRANT, new RelayProtocol.ExpectedGrant(from, grant)));
    }

    @Override
    public CompletionStage<Expectation> expectResult(InetAddress from, Opaque cookie) {
        return expect(
                new Announcement<>(
                        RelayProtocol.EXPECT_RESULT,
                        new RelayProtocol.ExpectedResult(from, cookie)));
    }

    private CompletionStage<Expectation> expect(Announcement<?> announcement) {
        long number = lastExpectation.incrementAndGet();
        Endpoint endpoint;
        synchronized (this) {
            announcements.put(number, announcement);
            endpoint = connection;
        }
        Expectation expectation = () -> forget(number);
        return endpoint == null
                ? CompletableFuture.completedFuture(expectation)
                : announce(endpoint, announcement).thenApply(done -> expectation);
    }

    /** Completes, never exceptionally, when the daemon knows of it or will not. */
    private <A> CompletionStage<Void> announce(Endpoint endpoint, Announcement<A> announcement) {
        return ask(endpoint, announcement.procedure, announcement.arguments)
                .handle(
                        (token, failure) -> {
                            if (failure == null) {
                                keepToken(endpoint, announcement, token);
                            }
                            return null;
                        });
    }

    private void keepToken(Endpoint endpoint, Announcement<?> announcement, long token) {
        boolean wanted;
        synchronized (this) {
            wanted = !announcement.over;
            if (wanted && connection == endpoint) {
                announcement.token = token;
            }
        }
        if (!wanted) {
            var unused = ask(endpoint, RelayProtocol.FORGET, token);
        }
    }

    private void forget(long number) {
        Endpoint endpoint;
        long token;
        synchronized (this) {
            Announcement<?> announcement = announcements.remove(number);
            endpoint = connection;
            token = announcement == null ? 0 : announcement.token;
            if (announcement != null) {
                announcement.over = true;
            }
        }
        if (endpoint != null && token != 0) {
            var unused = ask(endpoint, RelayProtocol.FORGET, token);
        }
    }

    @Override
    public CompletionStage<Void> monitor(InetAddress host) {
        Endpoint endpoint;
        synchronized (this) {
            monitored.add(host);
            endpoint = connection;
        }
        if (endpoint == null) {
            return CompletableFuture.failedFuture(new IOException("the daemon does not answer"));
        }
        return monitor(endpoint, host);
    }

    private @Nullable Void notMonitored(InetAddress host, Throwable failure) {
        core.notMonitored(host, String.valueOf(Causes.of(failure).getMessage()));
        return null;
    }

    private CompletionStage<Void> monitor(Endpoint endpoint, InetAddress host) {
        return ask(endpoint, RelayProtocol.MONITOR, host)
                .thenCompose(
                        why ->
                                why.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : CompletableFuture.failedFuture(new IOException(why)));
    }

    @Override
    public CompletionStage<Void> close() {
        Endpoint endpoint;
        synchronized (this) {
            closed = true;
            endpoint = connection;
            connection = null;
        }
        if (endpoint != null) {
            endpoint.close();
        }
        server.close();
        return CompletableFuture.completedFuture(null);
    }
}
