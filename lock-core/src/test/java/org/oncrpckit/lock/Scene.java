package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Short words for named cases. Checks the table after each step. */
final class Scene {
    static final FileId FILE = file("f");

    final LockTable table;
    private final int overtakingsMax;

    Scene() {
        this(LockTable.Builder.OVERTAKINGS_MAX_DEFAULT);
    }

    Scene(int overtakingsMax) {
        this.overtakingsMax = overtakingsMax;
        LockTable.Builder builder = LockTable.builder();
        builder.overtakingsMax(overtakingsMax);
        this.table = builder.build();
    }

    static FileId file(String name) {
        return FileId.of(name.getBytes(StandardCharsets.UTF_8));
    }

    static LockOwner owner(String name) {
        return LockOwner.of(SystemId.LOCAL, name.getBytes(StandardCharsets.UTF_8), 0);
    }

    static LockRequest read(String owner, FileId file, long first, long last) {
        return new LockRequest(file, owner(owner), new LockRange(first, last), LockMode.SHARED);
    }

    static LockRequest write(String owner, FileId file, long first, long last) {
        return new LockRequest(file, owner(owner), new LockRange(first, last), LockMode.EXCLUSIVE);
    }

    static LockRequest read(String owner, long first, long last) {
        return read(owner, FILE, first, last);
    }

    static LockRequest write(String owner, long first, long last) {
        return write(owner, FILE, first, last);
    }

    LockOutcome ask(LockRequest request, LockPolicy policy) {
        LockResult result = table.lock(request, policy);
        Invariants.check(table, overtakingsMax);
        return result.outcome();
    }

    /** Takes a lock that must be free. */
    void hold(LockRequest request) {
        assertThat(ask(request, LockPolicy.TRY)).isEqualTo(new LockOutcome.Granted());
    }

    /** Asks for a lock that must be waited for. */
    Ticket await(LockRequest request) {
        LockOutcome outcome = ask(request, LockPolicy.WAIT);
        assertThat(outcome.status()).isEqualTo(LockOutcome.Status.WAITING);
        return ((LockOutcome.Waiting) outcome).ticket();
    }

    /**
     * Asks for a lock that would never come; returns the first letters of the owners on the cycle.
     */
    String refused(LockRequest request) {
        LockOutcome outcome = ask(request, LockPolicy.WAIT);
        assertThat(outcome.status()).isEqualTo(LockOutcome.Status.DEADLOCK);
        StringBuilder names = new StringBuilder();
        ((LockOutcome.Deadlock) outcome)
                .cycle()
                .forEach(o -> names.append(new String(o.handle(), StandardCharsets.UTF_8)));
        return names.toString();
    }

    /** Unlocks; returns who was granted. */
    List<Ticket> unlock(String owner, FileId file, long first, long last) {
        List<Effect> effects = table.unlock(owner(owner), file, new LockRange(first, last));
        Invariants.check(table, overtakingsMax);
        return granted(effects);
    }

    List<Ticket> unlock(String owner, long first, long last) {
        return unlock(owner, FILE, first, last);
    }

    List<Ticket> release(String owner) {
        List<Effect> effects = table.releaseOwner(owner(owner));
        Invariants.check(table, overtakingsMax);
        return granted(effects);
    }

    static List<Ticket> granted(List<Effect> effects) {
        List<Ticket> tickets = new ArrayList<>();
        for (Effect e : effects) {
            if (e.kind() == Effect.Kind.GRANTED) {
                tickets.add(e.ticket());
            }
        }
        return tickets;
    }

    /** What is held on the file, as in "a:0-9w b:3-4r". */
    String held() {
        List<String> words = new ArrayList<>();
        table.held(Scope.of(FILE))
                .forEach(
                        h -> {
                            String name = new String(h.owner().handle(), StandardCharsets.UTF_8);
                            words.add(
                                    name
                                            + ":"
                                            + h.range()
                                            + (h.mode() == LockMode.SHARED ? "r" : "w"));
                        });
        return String.join(" ", words);
    }
}
