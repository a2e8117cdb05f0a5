package org.oncrpckit.rpc.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.VersionRange;

/**
 * A program as a table: number, versions, procedures with codecs and handlers. Immutable. A
 * procedure 0 that answers nothing is added to every version that has none.
 */
public final class RpcProgram {
    private final int number;
    private final String name;
    private final HandlerPlacement placement;
    private final AccessRule access;
    private final Optional<Duration> timeLimit;
    private final NumberTable<NumberTable<ServedProcedure<?>>> versions;

    private RpcProgram(Builder builder, NumberTable<NumberTable<ServedProcedure<?>>> versions) {
        this.number = builder.number;
        this.name = builder.name;
        this.placement = builder.placement;
        this.access = builder.access;
        this.timeLimit = builder.timeLimit;
        this.versions = versions;
    }

    /**
     * Starts a table.
     *
     * @param number program number, as unsigned bits
     * @param name for people
     */
    public static Builder builder(int number, String name) {
        return new Builder(number, name);
    }

    /** Program number, as unsigned bits. */
    public int number() {
        return number;
    }

    /** For people. */
    public String name() {
        return name;
    }

    /** Where the handlers run. */
    public HandlerPlacement placement() {
        return placement;
    }

    /** The versions in ascending order, for registering them with rpcbind. */
    public List<ProgramVersion> versions() {
        return versions.numbers().stream()
                .map(version -> new ProgramVersion(number, version))
                .toList();
    }

    @Override
    public String toString() {
        return name + " (" + Integer.toUnsignedString(number) + ")";
    }

    AccessRule access() {
        return access;
    }

    Optional<Duration> timeLimit() {
        return timeLimit;
    }

    /** The procedures of one version, or null. */
    @org.jspecify.annotations.Nullable
    NumberTable<ServedProcedure<?>> version(int version) {
        return versions.get(version);
    }

    /** From the lowest to the highest version, whatever is missing in between. */
    VersionRange versionRange() {
        return new VersionRange(versions.lowest(), versions.highest());
    }

    /** Collects the procedures of a program. Not thread-safe. */
    public static final class Builder {
        private final int number;
        private final String name;
        private final Map<Integer, Map<Integer, ServedProcedure<?>>> versions = new HashMap<>();
        private HandlerPlacement placement = new HandlerPlacement.Inline();
        private AccessRule access = AccessRule.everybody();
        private Optional<Duration> timeLimit = Optional.empty();

        private Builder(int number, String name) {
            this.number = number;
            this.name = Objects.requireNonNull(name, "name");
        }

        /** A procedure whose reply is kept for duplicates of the call. */
        public <A, R> Builder procedure(Procedure<A, R> procedure, RpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(
                    ServedProcedure.answering(
                            procedure, ServedProcedure.Repetition.REMEMBERED, handler));
        }

        /** A procedure that may be executed again for a duplicate: NULL, queries. */
        public <A, R> Builder idempotent(Procedure<A, R> procedure, RpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(
                    ServedProcedure.answering(
                            procedure, ServedProcedure.Repetition.IDEMPOTENT, handler));
        }

        /** A procedure that answers later; its reply is kept for duplicates. */
        public <A, R> Builder asynchronous(
                Procedure<A, R> procedure, AsyncRpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(
                    ServedProcedure.answeringLater(
                            procedure, ServedProcedure.Repetition.REMEMBERED, handler));
        }

        /** A procedure that answers later and may be executed again for a duplicate. */
        public <A, R> Builder idempotentAsynchronous(
                Procedure<A, R> procedure, AsyncRpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(
                    ServedProcedure.answeringLater(
                            procedure, ServedProcedure.Repetition.IDEMPOTENT, handler));
        }

        /**
         * A procedure that gets no RPC reply, whatever the handler returns or throws. It is not
         * executed again for a duplicate. A call that never reaches the handler, because its
         * arguments cannot be decoded for example, is answered like any other.
         */
        public <A> Builder oneWay(Procedure<A, ?> procedure, RpcHandler<A, ?> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(ServedProcedure.oneWay(procedure, handler));
        }

        /** Where the handlers run; default: inline on the I/O thread. */
        public Builder placement(HandlerPlacement where) {
            this.placement = Objects.requireNonNull(where, "placement");
            return this;
        }

        /** Who may call; default: everybody. Several rules must all allow. */
        public Builder access(AccessRule rule) {
            this.access = access.and(rule);
            return this;
        }

        /**
         * When a call that left the I/O thread and is not answered becomes SYSTEM_ERR; default:
         * {@link ServerLimits#handlerTimeLimit}.
         */
        public Builder timeLimit(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("time limit " + limit + " is not positive");
            }
            this.timeLimit = Optional.of(limit);
            return this;
        }

        /**
         * The table.
         *
         * @throws IllegalStateException when it has no procedure
         */
        public RpcProgram build() {
            if (versions.isEmpty()) {
                throw new IllegalStateException("program " + name + " has no procedure");
            }
            Map<Integer, NumberTable<ServedProcedure<?>>> tables = new HashMap<>();
            versions.forEach(
                    (version, procedures) -> {
                        Map<Integer, ServedProcedure<?>> all = new HashMap<>(procedures);
                        all.computeIfAbsent(
                                0,
                                zero -> ServedProcedure.ping(new ProgramVersion(number, version)));
                        tables.put(version, NumberTable.of(all));
                    });
            return new RpcProgram(this, NumberTable.of(tables));
        }

        private Builder add(ServedProcedure<?> served) {
            Procedure<?, ?> procedure = served.procedure();
            if (procedure.programVersion().program() != number) {
                throw new IllegalArgumentException(
                        procedure + " in program " + Integer.toUnsignedString(number));
            }
            ServedProcedure<?> earlier =
                    versions.computeIfAbsent(
                                    procedure.programVersion().version(), v -> new HashMap<>())
                            .putIfAbsent(procedure.number(), served);
            if (earlier != null) {
                throw new IllegalArgumentException(procedure + " is there already");
            }
            return this;
        }
    }
}
