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
    void xidAndTypeAreSeenWithoutMovingTheBuffer(Wire wire) {
        ByteBuffer call = wire.carry(hex("80000001 00000000 ff"));
        ByteBuffer reply = wire.carry(hex("00000002 00000001"));
        int position = call.position();
        assertThat(RpcMessages.peekXid(call)).hasValue(0x80000001);
        assertThat(RpcMessages.peekType(call)).contains(MessageType.CALL);
        assertThat(RpcMessages.peekXid(reply)).hasValue(2);
        assertThat(RpcMessages.peekType(reply)).contains(MessageType.REPLY);
        assertThat(call.position()).isEqualTo(position);
        assertThat(call.remaining()).isEqualTo(9);
    }

    @Test
    void xidIsSeenEvenWhenTheRestIsMissing() {
        assertThat(RpcMessages.peekXid(ByteBuffer.wrap(hex("00000007")))).hasValue(7);
        assertThat(RpcMessages.peekXid(ByteBuffer.wrap(hex("000000")))).isEmpty();
        assertThat(RpcMessages.peekXid(ByteBuffer.allocate(0))).isEmpty();
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
        assertThat(RpcMessages.peekXid(buffer)).hasValue(2);
        assertThat(RpcMessages.peekType(buffer)).contains(MessageType.REPLY);
        assertThat(RpcMessages.peekXid(buffer.limit(11))).isEmpty();
    }
}
