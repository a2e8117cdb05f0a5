package org.oncrpckit.nsm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Bytes as Linux's lock daemon, rpc.statd and sm-notify put them on the wire. */
class NsmCodecsTest {
    private static final Opaque PRIV =
            Opaque.copyOf(HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));

    @Test
    void notifyIsNameAndState() throws XdrException {
        check(
                NsmProcedures.NOTIFY.arguments(),
                new StateChange(HostName.of("client1"), 5),
                "00000007 636c69656e743100 00000005");
    }

    @Test
    void monIsMonIdAndSixteenBytes() throws XdrException {
        MyId caller = new MyId(HostName.of("me"), 100021, 3, 16);
        check(
                NsmProcedures.MON.arguments(),
                new MonRequest(new MonId(HostName.of("10.99.0.1"), caller), PRIV),
                "00000009 31302e39392e302e31000000 00000002 6d650000"
                        + "000186b5 00000003 00000010 00112233445566778899aabbccddeeff");
        check(
                NsmProcedures.UNMON.arguments(),
                new MonId(HostName.of("a"), caller),
                "00000001 61000000 00000002 6d650000 000186b5 00000003 00000010");
        check(
                NsmProcedures.UNMON_ALL.arguments(),
                caller,
                "00000002 6d650000 000186b5 00000003 00000010");
    }

    @Test
    void callBackIsNameStateAndPriv() throws XdrException {
        CallBack callBack = new CallBack(100021, 4, 16, PRIV);
        check(
                NsmProcedures.callBack(callBack).arguments(),
                new HostStatus(HostName.of("client1"), 7, PRIV),
                "00000007 636c69656e743100 00000007 00112233445566778899aabbccddeeff");
    }

    @Test
    void resultSaysZeroForSuccess() throws XdrException {
        check(NsmProcedures.MON.results(), new StatResult(true, 9), "00000000 00000009");
        check(NsmProcedures.STAT.results(), new StatResult(false, -1), "00000001 ffffffff");
    }

    @Test
    void nameLongerThanItsLimitIsRefusedBeforeItsBytesAreRead() {
        XdrWriter writer = new XdrWriter();
        writer.writeInt(1025);
        assertThatThrownBy(
                        () ->
                                NsmProcedures.STAT
                                        .arguments()
                                        .decode(XdrReader.of(writer.toOpaque())))
                .isInstanceOf(XdrException.class)
                .hasMessageContaining("1025")
                .hasMessageContaining("1024");
    }

    private static <T> void check(XdrCodec<T> codec, T value, String hex) throws XdrException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, value);
        assertThat(writer.toByteArray()).isEqualTo(bytes);
        XdrReader reader = XdrReader.of(Opaque.copyOf(bytes));
        assertThat(codec.decode(reader)).isEqualTo(value);
        reader.expectEnd();
    }
}
