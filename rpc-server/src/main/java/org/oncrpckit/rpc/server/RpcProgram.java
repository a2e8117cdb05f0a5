package org.oncrpckit.rpc.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private final NumberTable<ServedVersion> versions;

    private RpcProgram(Builder builder, NumberTable<ServedVersion> versions) {
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
    @Nullable ServedVersion version(int version) {
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
        private final Map<Integer, Map<Integer, ServedProcedure<?, ?>>> versions = new HashMap<>();
        private final Map<Integer, ServedVersion> rawVersions = new HashMap<>();
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
            return add(ServedProcedure.answering(procedure, Repetition.REMEMBERED, handler));
        }

        /** A procedure that may be executed again for a duplicate: NULL, queries. */
        public <A, R> Builder idempotent(Procedure<A, R> procedure, RpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(ServedProcedure.answering(procedure, Repetition.IDEMPOTENT, handler));
        }

        /** A procedure that may answer later; its reply is kept for duplicates. */
        public <A, R> Builder asynchronous(
                Procedure<A, R> procedure, AsyncRpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(ServedProcedure.answeringLater(procedure, Repetition.REMEMBERED, handler));
        }

        /** A procedure that may answer later and be executed again for a duplicate. */
        public <A, R> Builder idempotentAsynchronous(
                Procedure<A, R> procedure, AsyncRpcHandler<A, R> handler) {
            Objects.requireNonNull(handler, "handler");
            return add(ServedProcedure.answeringLater(procedure, Repetition.IDEMPOTENT, handler));
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

        /**
         * A version all of whose procedures, 0 included, one handler serves with bytes in and bytes
         * out. Such a version has no procedures of its own.
         *
         * @param version the version, as unsigned bits
         * @param usual what duplicates mean
         * @param exceptions procedures for which they mean something else
         * @throws IllegalArgumentException when the version is there already
         */
        public Builder raw(
                int version,
                Repetition usual,
                Map<Integer, Repetition> exceptions,
                RawRpcHandler handler) {
            Objects.requireNonNull(handler, "handler");
            ProgramVersion served = new ProgramVersion(number, version);
            Map<Integer, ServedProcedure<?, ?>> others = new HashMap<>();
            exceptions.forEach(
                    (procedure, repetition) ->
                            others.put(
                                    procedure, ServedProcedure.raw(served, repetition, handler)));
            ServedVersion raw =
                    new ServedVersion.Raw(
                            NumberTable.of(others), ServedProcedure.raw(served, usual, handler));
            if (versions.containsKey(version) || rawVersions.putIfAbsent(version, raw) != null) {
                throw new IllegalArgumentException(served + " is there already");
            }
            return this;
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
            if (versions.isEmpty() && rawVersions.isEmpty()) {
                throw new IllegalStateException("program " + name + " has no procedure");
            }
            Map<Integer, ServedVersion> tables = new HashMap<>(rawVersions);
            versions.forEach(
                    (version, procedures) -> {
                        Map<Integer, ServedProcedure<?, ?>> all = new HashMap<>(procedures);
                        all.computeIfAbsent(
                                0,
                                zero -> ServedProcedure.ping(new ProgramVersion(number, version)));
                        tables.put(version, new ServedVersion.Table(NumberTable.of(all)));
                    });
            return new RpcProgram(this, NumberTable.of(tables));
        }

        private Builder add(ServedProcedure<?, ?> served) {
            Procedure<?, ?> procedure = served.procedure();
            if (procedure.programVersion().program() != number) {
                throw new IllegalArgumentException(
                        procedure + " in program " + Integer.toUnsignedString(number));
            }
            if (rawVersions.containsKey(procedure.programVersion().version())) {
                throw new IllegalArgumentException(
                        procedure + " in a version that one handler serves");
            }
            ServedProcedure<?, ?> earlier =
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
