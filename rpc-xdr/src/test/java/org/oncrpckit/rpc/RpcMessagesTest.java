package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.testing.Wire;

class RpcMessagesTest {
    @ParameterizedTest
    @EnumSource(Wire.class)
    void typeIsSeenWithoutMovingTheBuffer(Wire wire) {
        ByteBuffer call = wire.carry(hex("80000001 00000000 ff"));
        ByteBuffer reply = wire.carry(hex("00000002 00000001"));
        int position = call.position();
        assertThat(RpcMessages.peekType(call)).contains(MessageType.CALL);
        assertThat(RpcMessages.peekType(reply)).contains(MessageType.REPLY);
        assertThat(call.position()).isEqualTo(position);
        assertThat(call.remaining()).isEqualTo(9);
    }

    @Test
    void typeIsEmptyWhenMissingOrUnknown() {
        assertThat(RpcMessages.peekType(ByteBuffer.wrap(hex("00000007 000000")))).isEmpty();
        assertThat(RpcMessages.peekType(ByteBuffer.wrap(hex("00000007 00000002")))).isEmpty();
        assertThat(RpcMessages.peekType(ByteBuffer.wrap(hex("00000007 ffffffff")))).isEmpty();
    }

    @Test
    void onlyRemainingBytesCount() {
        ByteBuffer buffer = ByteBuffer.wrap(hex("00000001 00000000 00000002 00000001")).position(8);
        assertThat(RpcMessages.peekType(buffer)).contains(MessageType.REPLY);
        assertThat(RpcMessages.peekType(buffer.limit(15))).isEmpty();
    }
}
