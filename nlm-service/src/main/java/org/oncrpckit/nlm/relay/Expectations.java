package org.oncrpckit.nlm.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.xdr.Opaque;

/**
 * Who waits for what: by server and lock, or by server and cookie. Bounded for each session and in
 * all. Thread-safe.
 *
 * @param <S> a session
 */
final class Expectations<S> {
    /** What is waited for. */
    sealed interface Key {}

    /**
     * A grant. Servers give other cookies, and may write "to the end" in another way.
     *
     * @param server by its address, scope included
     */
    record Grant(
            String server,
            Opaque file,
            Opaque ownerHandle,
            int svid,
            LockRange range,
            boolean exclusive)
            implements Key {
        /** Empty when the range is none. */
        static Optional<Grant> of(InetAddress server, TestArgs grant, NlmVersion version) {
            return version.range(grant.lock())
                    .map(
                            range ->
                                    new Grant(
                                            server.getHostAddress(),
                                            grant.lock().fileHandle(),
                                            grant.lock().ownerHandle(),
                                            grant.lock().svid(),
                                            range,
                                            grant.exclusive()));
        }
    }

    /** The result of a one-way call. */
    record Result(String server, Opaque cookie) implements Key {
        static Result of(InetAddress server, Opaque cookie) {
            return new Result(server.getHostAddress(), cookie);
        }
    }

    private record Entry<S>(long token, S session, Key key) {}

    private final int perSessionMax;
    private final int max;

    @GuardedBy("this")
    private final Map<Key, Deque<Entry<S>>> byKey = new HashMap<>();

    @GuardedBy("this")
    private final Map<Long, Entry<S>> byToken = new HashMap<>();

    @GuardedBy("this")
    private final Map<S, Set<Long>> bySession = new HashMap<>();

    @GuardedBy("this")
    private long lastToken;

    Expectations(int perSessionMax, int max) {
        this.perSessionMax = perSessionMax;
        this.max = max;
    }

    /** Makes a session known; only known ones may expect anything. */
    synchronized void open(S session) {
        bySession.putIfAbsent(session, new HashSet<>());
    }

    /**
     * Notes that a session waits for this.
     *
     * @return a token of its own, or 0 when there is no room or the session has ended
     */
    synchronized long add(S session, Key key) {
        Set<Long> own = bySession.get(session);
        if (own == null || own.size() >= perSessionMax || byToken.size() >= max) {
            return 0;
        }
        Entry<S> entry = new Entry<>(++lastToken, session, key);
        byKey.computeIfAbsent(key, same -> new ArrayDeque<>(1)).addLast(entry);
        byToken.put(entry.token, entry);
        own.add(entry.token);
        return entry.token;
    }

    /** Who waits for this; the latest where several do. */
    synchronized Optional<S> find(Key key) {
        Deque<Entry<S>> entries = byKey.get(key);
        return entries == null ? Optional.empty() : Optional.of(entries.getLast().session);
    }

    /** Forgets a token; somebody else's, or an unknown one, is left alone. */
    synchronized void remove(S session, long token) {
        Entry<S> entry = byToken.get(token);
        if (entry != null && entry.session.equals(session)) {
            drop(entry);
            bySession.getOrDefault(session, new HashSet<>()).remove(token);
        }
    }

    /** Forgets a session and all that it waits for. */
    synchronized void close(S session) {
        Set<Long> own = bySession.remove(session);
        if (own != null) {
            own.forEach(
                    token -> {
                        Entry<S> entry = byToken.get(token);
                        if (entry != null) {
                            drop(entry);
                        }
                    });
        }
    }

    /** How many there are. */
    synchronized int size() {
        return byToken.size();
    }

    @GuardedBy("this")
    private void drop(Entry<S> entry) {
        byToken.remove(entry.token);
        Deque<Entry<S>> same = byKey.get(entry.key);
        if (same != null) {
            same.remove(entry);
            if (same.isEmpty()) {
                byKey.remove(entry.key);
            }
        }
    }
}
