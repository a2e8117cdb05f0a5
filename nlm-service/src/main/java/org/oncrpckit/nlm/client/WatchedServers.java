package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Which servers' restarts would be noticed. Locks do not depend on it: a server that cannot be
 * watched is told to the listener, once, and tried again with a later request. Thread-safe.
 */
final class WatchedServers {
    /** How long a request waits until its server is watched. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** How long it is left alone after a failure. */
    static final Duration RETRY = Duration.ofMinutes(1);

    private final Turns turns;
    private final Timers timers;
    private final CallBackPath path;
    private final LockListener listener;

    /** Looked at in turns. */
    private final Map<InetAddress, Watch> watches = new HashMap<>();

    /** The state of one server. Looked at in turns. */
    private static final class Watch {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        long askedNanos;
        boolean failed;
        boolean told;
    }

    WatchedServers(Turns turns, Timers timers, CallBackPath path, LockListener listener) {
        this.turns = turns;
        this.timers = timers;
        this.path = path;
        this.listener = listener;
    }

    /**
     * Has a server watched, unless it is.
     *
     * @return completes, never exceptionally, when that is so, or has failed, or takes too long
     */
    CompletionStage<Void> watch(InetAddress server) {
        return turns.take(
                turn -> {
                    long now = timers.nanoTime();
                    Watch watch = watches.get(server);
                    if (watch != null
                            && !(watch.failed && now - watch.askedNanos >= RETRY.toNanos())) {
                        return watch.asked;
                    }
                    Watch again = watch == null ? new Watch() : watch;
                    CompletableFuture<Void> asked = new CompletableFuture<>();
                    again.asked = asked;
                    again.askedNanos = now;
                    again.failed = false;
                    watches.put(server, again);
                    turn.afterwards(() -> ask(server, asked));
                    return asked;
                });
    }

    /** Has all that were ever watched watched once more, in another way. */
    void again() {
        turns.run(
                turn ->
                        watches.forEach(
                                (server, watch) -> {
                                    CompletableFuture<Void> asked = new CompletableFuture<>();
                                    watch.asked = asked;
                                    watch.askedNanos = timers.nanoTime();
                                    watch.failed = false;
                                    turn.afterwards(() -> ask(server, asked));
                                }));
    }

    private void ask(InetAddress server, CompletableFuture<Void> asked) {
        Timers.Timer limit =
                timers.schedule(
                        LIMIT,
                        () -> {
                            turns.run(turn -> tell(turn, server, "the status monitor is slow"));
                            asked.complete(null);
                        });
        var unused =
                path.ready()
                        .thenCompose(ready -> path.monitor(server))
                        .whenComplete(
                                (done, failure) -> {
                                    limit.cancel();
                                    ended(server, failure);
                                    asked.complete(null);
                                });
    }

    private void ended(InetAddress server, @Nullable Throwable failure) {
        if (failure != null) {
            failed(server, String.valueOf(Causes.of(failure).getMessage()));
            return;
        }
        turns.run(
                turn -> {
                    Watch watch = watches.get(server);
                    if (watch != null) {
                        watch.told = false;
                    }
                });
    }

    /** A server is not watched, or no longer. */
    void failed(InetAddress server, String why) {
        turns.run(
                turn -> {
                    Watch watch = watches.get(server);
                    if (watch != null) {
                        watch.failed = true;
                    }
                    tell(turn, server, why);
                });
    }

    private void tell(Turns.Turn turn, InetAddress server, String why) {
        Watch watch = watches.get(server);
        if (watch == null || !watch.told) {
            turn.afterwards(() -> listener.notMonitored(server, why));
        }
        if (watch != null) {
            watch.told = true;
        }
    }
}
