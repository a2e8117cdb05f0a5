package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.RecordLimits;

class SocketLimitsTest {
    private static final SocketLimits DEFAULT = SocketLimits.DEFAULT;

    @Test
    void eachLimitIsSetByItself() {
        RecordLimits records = new RecordLimits(2000, 3);
        assertThat(
                        DEFAULT.withRecords(records)
                                .withConnectionsMax(4)
                                .withIdle(Duration.ofSeconds(5))
                                .withStall(Duration.ofSeconds(6))
                                .withWriteQueueBytesMax(7000)
                                .withDatagramsPerWakeUpMax(8))
                .isEqualTo(
                        new SocketLimits(
                                records, 4, Duration.ofSeconds(5), Duration.ofSeconds(6), 7000, 8));
    }

    @Test
    void limitsOutOfRangeAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withConnectionsMax(0))
                .withMessage("0 connections, 64 datagrams (expected: 1 or more each)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withDatagramsPerWakeUpMax(-1))
                .withMessage("10000 connections, -1 datagrams (expected: 1 or more each)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withIdle(Duration.ofSeconds(-1)))
                .withMessage("idle limit PT-1S (expected: 0 or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withStall(Duration.ofSeconds(-1)))
                .withMessage("stall limit PT-1S (expected: 0 or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULT.withWriteQueueBytesMax(1023))
                .withMessage("write queue of 1023 bytes (expected: 1024 or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketPlatform.open(b -> b.selectorThreads(1025)))
                .withMessage("1025 selector threads (expected: 1 to 1024)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketPlatform.open(b -> b.datagramBufferBytes(0)))
                .withMessage("0 bytes (expected: 1 or more)");
    }
}
