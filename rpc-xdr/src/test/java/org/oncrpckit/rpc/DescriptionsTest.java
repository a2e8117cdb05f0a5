package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dcache.oncrpc4j.rpc.RpcAuthStat;
import org.junit.jupiter.api.Test;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrEnum;

/** Numbers and names of the RPC model. */
class DescriptionsTest {
    private static final ProgramVersion NLM = new ProgramVersion(100021, 4);

    @Test
    void statusNumbersAreThoseOfTheRfcInItsOrder() {
        assertThat(numbers(MessageType.values())).containsExactly(0, 1);
        assertThat(numbers(AcceptStatus.values())).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(numbers(AuthStatus.values()))
                .containsExactly(IntStream.rangeClosed(0, 14).toArray());
    }

    @Test
    void authStatusHasTheNamesThatOncrpc4jHas() throws ReflectiveOperationException {
        for (AuthStatus status : AuthStatus.values()) {
            assertThat(RpcAuthStat.class.getField(status.name()).getInt(null))
                    .isEqualTo(status.number());
        }
    }

    @Test
    void versionsCompareAsUnsignedNumbers() {
        VersionRange all = new VersionRange(1, -1);
        assertThat(all.contains(1)).isTrue();
        assertThat(all.contains(Integer.MAX_VALUE)).isTrue();
        assertThat(all.contains(Integer.MIN_VALUE)).isTrue();
        assertThat(all.contains(-1)).isTrue();
        assertThat(all.contains(0)).isFalse();
        assertThat(new VersionRange(2, 4).contains(5)).isFalse();
        assertThat(all).hasToString("1 to 4294967295");
    }

    @Test
    void versionsLieWithinBoundsThatAPeerSentTheWrongWayRound() {
        VersionRange reversed = new VersionRange(4, 2);
        assertThat(IntStream.rangeClosed(0, 6).filter(reversed::contains)).containsExactly(2, 3, 4);
        assertThat(new VersionRange(-1, 1).contains(Integer.MIN_VALUE)).isTrue();
        assertThat(new VersionRange(-1, 1).contains(0)).isFalse();
    }

    @Test
    void programsPrintAsUnsignedNumbers() {
        assertThat(NLM).hasToString("100021 v4");
        assertThat(new ProgramVersion(-1, -2)).hasToString("4294967295 v4294967294");
    }

    @Test
    void procedureSaysWhereItLives() {
        assertThat(new Procedure<>(NLM, 2, "LOCK", XdrCodecs.VOID, XdrCodecs.INT))
                .hasToString("LOCK (100021 v4 procedure 2)");
    }

    @Test
    void procedureNeedsAllItsParts() {
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Procedure<>(null, 2, "x", XdrCodecs.VOID, XdrCodecs.VOID))
                .withMessage("programVersion");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Procedure<>(NLM, 2, null, XdrCodecs.VOID, XdrCodecs.VOID))
                .withMessage("name");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Procedure<>(NLM, 2, "x", null, XdrCodecs.VOID))
                .withMessage("arguments");
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Procedure<>(NLM, 2, "x", XdrCodecs.VOID, null))
                .withMessage("results");
    }

    private static int[] numbers(XdrEnum[] constants) {
        return Arrays.stream(constants).mapToInt(XdrEnum::number).toArray();
    }
}
