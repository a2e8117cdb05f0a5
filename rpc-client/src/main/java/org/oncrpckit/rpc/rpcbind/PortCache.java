package org.oncrpckit.rpc.rpcbind;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Remembers where hosts serve programs, for a limited time, so that not every call asks rpcbind
 * first. Requests for the same thing at the same time become one, with the time limit of the first.
 * Only addresses are remembered: neither failures nor "not registered". Thread-safe.
 *
 * <p>Whoever learns that an answer is stale says so: with {@link #invalidate(InetAddress,
 * ProgramVersion, Transport)} after a refused connection, PROG_UNAVAIL, PROG_MISMATCH or a call
 * that timed out, as {@link ServiceCaller} does by itself; with {@link #invalidate(InetAddress)}
 * after the notice that a host was restarted.
 */
public final class PortCache {
    /** How long an address is believed: two minutes, as FreeBSD's lock manager does. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(2);

    /** Addresses remembered at the most; the oldest goes first. */
    public static final int DEFAULT_ENTRIES_MAX = 65_536;

    /** The text of an address tells scopes apart, which its equality does not. */
    private record Key(String host, ProgramVersion programVersion, Transport transport) {}

    private record Entry(CompletableFuture<Optional<InetSocketAddress>> answer, long askedNanos) {}

    private final RpcbindClient rpcbind;
    private final Timers timers;
    private final long lifetimeNanos;
    private final int entriesMax;

    /** Oldest first. */
    @GuardedBy("this")
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    /** An empty cache with the default lifetime and size. */
    public PortCache(RpcbindClient rpcbind, Timers timers) {
        this(rpcbind, timers, DEFAULT_LIFETIME, DEFAULT_ENTRIES_MAX);
    }

    /**
     * An empty cache.
     *
     * @param lifetime how long an address is believed; positive
     * @param entriesMax addresses remembered at the most, at least 1
     */
    public PortCache(RpcbindClient rpcbind, Timers timers, Duration lifetime, int entriesMax) {
        this.rpcbind = Objects.requireNonNull(rpcbind, "rpcbind");
        this.timers = Objects.requireNonNull(timers, "timers");
        if (lifetime.isNegative() || lifetime.isZero() || entriesMax < 1) {
            throw new IllegalArgumentException(
                    "lifetime %s, %d entries (expected: both positive)"
                            .formatted(lifetime, entriesMax));
        }
        this.lifetimeNanos = Deadline.nanos(lifetime);
        this.entriesMax = entriesMax;
    }

    /** As {@link RpcbindClient#lookUp}, from memory where possible. */
    public CompletableFuture<Optional<InetSocketAddress>> lookUp(
            InetAddress host,
            @Nullable InetAddress source,
            ProgramVersion programVersion,
            Transport transport,
            CallOptions options) {
        Key key = new Key(host.getHostAddress(), programVersion, transport);
        CompletableFuture<Optional<InetSocketAddress>> mine = new CompletableFuture<>();
        Entry entry;
        synchronized (this) {
            long now = timers.nanoTime();
            entry = entries.get(key);
            if (entry != null && now - entry.askedNanos >= lifetimeNanos) {
                entries.remove(key);
                entry = null;
            }
            if (entry == null) {
                entries.put(key, new Entry(mine, now));
                dropOldest();
            }
        }
        if (entry != null) {
            // A copy: one waiter who gives up must not end the request of the others.
            return entry.answer.copy();
        }
        CompletableFuture<Optional<InetSocketAddress>> asked;
        try {
            asked = rpcbind.lookUp(host, source, programVersion, transport, options);
        } catch (RuntimeException e) {
            // Nothing was asked, so nobody is to wait for the answer.
            forget(key, mine);
            mine.completeExceptionally(e);
            throw e;
        }
        var unused =
                asked.whenComplete(
                        (found, failure) -> {
                            if (failure != null) {
                                forget(key, mine);
                                mine.completeExceptionally(Failures.causeOf(failure));
                            } else {
                                if (found.isEmpty()) {
                                    forget(key, mine);
                                }
                                mine.complete(found);
                            }
                        });
        return mine.copy();
    }

    private synchronized void forget(
            Key key, CompletableFuture<Optional<InetSocketAddress>> asked) {
        Entry entry = entries.get(key);
        if (entry != null && entry.answer == asked) {
            entries.remove(key);
        }
    }

    @GuardedBy("this")
    private void dropOldest() {
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > entriesMax && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Forgets everything about a host: it was restarted, or nothing there answers. */
    public synchronized void invalidate(InetAddress host) {
        String text = host.getHostAddress();
        entries.keySet().removeIf(key -> key.host.equals(text));
    }

    /** Forgets one address. */
    public synchronized void invalidate(
            InetAddress host, ProgramVersion programVersion, Transport transport) {
        entries.remove(new Key(host.getHostAddress(), programVersion, transport));
    }

    /** Addresses remembered, and requests under way. */
    public synchronized int size() {
        return entries.size();
    }
}
