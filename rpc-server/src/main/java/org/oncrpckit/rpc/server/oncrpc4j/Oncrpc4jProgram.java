package org.oncrpckit.rpc.server.oncrpc4j;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.dcache.oncrpc4j.rpc.RpcDispatchable;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.HandlerPlacement;
import org.oncrpckit.rpc.server.Repetition;
import org.oncrpckit.rpc.server.RpcProgram;

/**
 * Makes a program of a service written against oncrpc4j: a hand-written {@link RpcDispatchable} or
 * a server stub of oncrpcgen, unchanged.
 *
 * <pre>
 * RpcServer.builder(platform)
 *         .program(Oncrpc4jProgram.of(new CalculatorService())
 *                 .named(0x2000_0077, "calculator")
 *                 .version(1)
 *                 .idempotent(0, 1)
 *                 .build())
 * </pre>
 *
 * <p>The service may reply at once, later, from any thread, twice (the first reply counts) or never
 * (the program's time limit answers SYSTEM_ERR). When it throws while {@code retrieveCall} decodes,
 * or oncrpc4j's own bad-data exception, the reply is GARBAGE_ARGS; an {@link
 * org.dcache.oncrpc4j.rpc.RpcException} is the rejection that it describes; anything else is
 * SYSTEM_ERR. Not thread-safe.
 */
public final class Oncrpc4jProgram {
    /** Threads for a service, unless said otherwise: most of them block now and then. */
    private static final int THREADS = 16;

    /** Calls that wait for a thread, unless said otherwise. */
    private static final int QUEUE_MAX = 1_024;

    private final RpcDispatchable service;
    private final Map<Integer, RpcDispatchable> versions = new LinkedHashMap<>();
    private final Map<Integer, Repetition> exceptions = new HashMap<>();
    private Optional<Integer> number = Optional.empty();
    private String name = "oncrpc4j";
    private HandlerPlacement placement = new HandlerPlacement.Workers(THREADS, QUEUE_MAX);
    private AccessRule access = AccessRule.everybody();
    private Optional<Duration> timeLimit = Optional.empty();

    private Oncrpc4jProgram(RpcDispatchable service) {
        this.service = Objects.requireNonNull(service, "service");
    }

    /** Begins the program of a service. */
    public static Oncrpc4jProgram of(RpcDispatchable service) {
        return new Oncrpc4jProgram(service);
    }

    /**
     * The program number, which a service does not know of itself.
     *
     * @param program the number, as unsigned bits
     * @param forPeople goes into messages and thread names
     */
    public Oncrpc4jProgram named(int program, String forPeople) {
        number = Optional.of(program);
        name = Objects.requireNonNull(forPeople, "forPeople");
        return this;
    }

    /** The service serves this version, among others perhaps. */
    public Oncrpc4jProgram version(int version) {
        return version(version, service);
    }

    /** Another service serves this version. */
    public Oncrpc4jProgram version(int version, RpcDispatchable other) {
        versions.put(version, Objects.requireNonNull(other, "other"));
        return this;
    }

    /**
     * Procedures, in every version, that may be executed again for a duplicate. The replies of all
     * others are kept.
     */
    public Oncrpc4jProgram idempotent(int... procedures) {
        return except(Repetition.IDEMPOTENT, procedures);
    }

    /** Procedures, in every version, that the service does not reply to. */
    public Oncrpc4jProgram oneWay(int... procedures) {
        return except(Repetition.ONE_WAY, procedures);
    }

    /** Where the service runs; default: 16 threads of its own, 1,024 calls waiting. */
    public Oncrpc4jProgram placement(HandlerPlacement where) {
        placement = Objects.requireNonNull(where, "where");
        return this;
    }

    /** Who may call; default: everybody. Several rules must all allow. */
    public Oncrpc4jProgram access(AccessRule rule) {
        access = access.and(rule);
        return this;
    }

    /** When a call that is not answered becomes SYSTEM_ERR; default: the server's limit. */
    public Oncrpc4jProgram timeLimit(Duration limit) {
        timeLimit = Optional.of(limit);
        return this;
    }

    /**
     * The program, for {@link org.oncrpckit.rpc.server.RpcServer}.
     *
     * @throws IllegalStateException when it has no number or no version
     */
    public RpcProgram build() {
        int program =
                number.orElseThrow(() -> new IllegalStateException("no program number is set"));
        RpcProgram.Builder built =
                RpcProgram.builder(program, name).placement(placement).access(access);
        timeLimit.ifPresent(built::timeLimit);
        versions.forEach(
                (version, dispatchable) ->
                        built.raw(
                                version,
                                Repetition.REMEMBERED,
                                exceptions,
                                call -> new HostedCall(call).dispatchTo(dispatchable)));
        return built.build();
    }

    private Oncrpc4jProgram except(Repetition repetition, int... procedures) {
        for (int procedure : procedures) {
            exceptions.put(procedure, repetition);
        }
        return this;
    }
}
