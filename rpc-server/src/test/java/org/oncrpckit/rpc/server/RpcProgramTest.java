package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

class RpcProgramTest {
    private final Echo echo = new Echo();

    @Test
    void versionsAreListedInUnsignedOrder() {
        RpcProgram program =
                RpcProgram.builder(5, "many")
                        .procedure(nothing(5, -1, 3), (call, none) -> none)
                        .procedure(nothing(5, 2, 3), (call, none) -> none)
                        .procedure(nothing(5, 1, 3), (call, none) -> none)
                        .build();

        assertThat(program.versions())
                .containsExactly(
                        new ProgramVersion(5, 1),
                        new ProgramVersion(5, 2),
                        new ProgramVersion(5, -1));
        assertThat(program.versionRange().low()).isEqualTo(1);
        assertThat(program.versionRange().high()).isEqualTo(-1);
        assertThat(program).hasToString("many (5)");
    }

    @Test
    void mistakesInATableAreRefused() {
        RpcProgram.Builder builder = echo.builder();
        assertThatThrownBy(() -> builder.procedure(Echo.ECHO, (call, text) -> text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ECHO");
        assertThatThrownBy(() -> builder.procedure(nothing(5, 1, 1), (call, none) -> none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in program 536871169");
        assertThatThrownBy(() -> RpcProgram.builder(5, "empty").build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.timeLimit(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void procedureZeroMayBeOnesOwn() {
        RpcProgram program =
                RpcProgram.builder(Echo.NUMBER, "own null")
                        .procedure(
                                Echo.NULL,
                                (call, none) -> {
                                    echo.executed.add("NULL");
                                    return none;
                                })
                        .build();
        SimulatedServer simulated = new SimulatedServer(program);
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");

        caller.call(1, Echo.NULL, Nothing.NOTHING);

        assertThat(echo.executed).containsExactly("NULL");
        assertThat(caller.replies).hasSize(1);
    }

    @Test
    void numbersAreLookedUpUnsigned() {
        Map<Integer, String> entries = Map.of(0, "zero", 7, "seven", -1, "last", 1 << 31, "half");
        NumberTable<String> table = NumberTable.of(entries);

        entries.forEach((number, value) -> assertThat(table.get(number)).isEqualTo(value));
        assertThat(table.get(8)).isNull();
        assertThat(table.lowest()).isZero();
        assertThat(table.highest()).isEqualTo(-1);
        assertThat(table.values()).containsExactly("zero", "seven", "half", "last");
        assertThat(table.without(7).get(7)).isNull();
        assertThat(table.with(8, "eight").get(8)).isEqualTo("eight");
        assertThat(NumberTable.of(Map.<Integer, String>of()).get(0)).isNull();
    }

    @Test
    void bytesBehindTheArgumentsAreIgnored() {
        SimulatedServer simulated = new SimulatedServer(echo.program());
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");
        byte[] call = SimulatedServer.call(1, Echo.ECHO, "text");

        caller.send(Arrays.copyOf(call, call.length + 8));

        assertThat(echo.executed).containsExactly("text");
    }

    @Test
    void codecThatCannotMakeAValueOfTheBytesIsGarbage() {
        Procedure<ProgramVersion, Nothing> picky =
                new Procedure<>(
                        Echo.V1,
                        9,
                        "PICKY",
                        new XdrCodec<>() {
                            @Override
                            public void encode(XdrWriter writer, ProgramVersion value) {}

                            @Override
                            public ProgramVersion decode(XdrReader reader) {
                                throw new IllegalArgumentException("no such value");
                            }
                        },
                        XdrCodecs.VOID);
        SimulatedServer simulated =
                new SimulatedServer(
                        echo.builder().procedure(picky, (call, v) -> Nothing.NOTHING).build());
        SimulatedServer.Caller caller = simulated.caller(Transport.UDP, "10.0.0.2");

        caller.call(1, picky, Echo.V1);

        assertThat(caller.reply()).endsWith("00000004");
    }

    private static Procedure<Nothing, Nothing> nothing(int program, int version, int procedure) {
        return new Procedure<>(
                new ProgramVersion(program, version),
                procedure,
                "NOTHING",
                XdrCodecs.VOID,
                XdrCodecs.VOID);
    }
}
