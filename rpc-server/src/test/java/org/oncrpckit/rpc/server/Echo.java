package org.oncrpckit.rpc.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/** A small program that the tests serve: versions 1 and 3, so that 2 is a hole. */
final class Echo {
    static final int NUMBER = 0x2000_0101;
    static final ProgramVersion V1 = new ProgramVersion(NUMBER, 1);
    static final ProgramVersion V3 = new ProgramVersion(NUMBER, 3);

    static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(V1, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Answers its argument, and is not executed again for a duplicate. */
    static final Procedure<String, String> ECHO =
            new Procedure<>(V1, 1, "ECHO", XdrCodecs.string(1024), XdrCodecs.string(1024));

    /** As ECHO, executed again for a duplicate. */
    static final Procedure<String, String> QUERY =
            new Procedure<>(V1, 2, "QUERY", XdrCodecs.string(1024), XdrCodecs.string(1024));

    /** Answers when the test completes {@link #later}. */
    static final Procedure<String, String> LATER =
            new Procedure<>(V1, 3, "LATER", XdrCodecs.string(1024), XdrCodecs.string(1024));

    /** Answers nothing. */
    static final Procedure<String, Nothing> TELL =
            new Procedure<>(V1, 4, "TELL", XdrCodecs.string(1024), XdrCodecs.VOID);

    /** Does what the test wants. */
    static final Procedure<Integer, Integer> HOOK =
            new Procedure<>(V3, 7, "HOOK", XdrCodecs.INT, XdrCodecs.INT);

    /** What was executed, in order. */
    final List<String> executed = new ArrayList<>();

    /** Stages given out by LATER, in order. */
    final List<CompletableFuture<String>> later = new ArrayList<>();

    RpcHandler<Integer, Integer> hook = (call, argument) -> argument + 1;

    RpcProgram program() {
        return builder().build();
    }

    RpcProgram.Builder builder() {
        return RpcProgram.builder(NUMBER, "echo")
                .procedure(ECHO, this::echo)
                .idempotent(QUERY, this::echo)
                .asynchronous(
                        LATER,
                        (call, text) -> {
                            executed.add(text);
                            CompletableFuture<String> stage = new CompletableFuture<>();
                            later.add(stage);
                            call.answerFrom(stage);
                        })
                .oneWay(
                        TELL,
                        (call, text) -> {
                            executed.add(text);
                            return Nothing.NOTHING;
                        })
                .procedure(HOOK, (call, argument) -> hook.handle(call, argument));
    }

    private String echo(CallContext call, String text) {
        executed.add(text);
        return text;
    }
}
