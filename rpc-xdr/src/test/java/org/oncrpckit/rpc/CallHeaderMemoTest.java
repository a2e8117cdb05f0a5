package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

class CallHeaderMemoTest {
    private static final ProgramVersion NLM = new ProgramVersion(100021, 4);
    private static final OpaqueAuth ROOT = sys(1, 2, 3);

    private final CallHeaderMemo memo = new CallHeaderMemo();

    @Test
    void equalPartsAreReadAsOneObject() throws XdrException {
        CallHeader first = read(memo, new CallHeader(1, NLM, 2, ROOT, OpaqueAuth.NONE));
        CallHeader second = read(memo, new CallHeader(2, NLM, 3, ROOT, OpaqueAuth.NONE));

        assertThat(second).isEqualTo(new CallHeader(2, NLM, 3, ROOT, OpaqueAuth.NONE));
        assertThat(second.programVersion()).isSameAs(first.programVersion());
        assertThat(second.credential()).isSameAs(first.credential());
        assertThat(second.verifier()).isSameAs(OpaqueAuth.NONE);
    }

    @Test
    void otherFlavoursAreNotKept() throws XdrException {
        OpaqueAuth gss = new OpaqueAuth(AuthFlavor.RPCSEC_GSS, Opaque.copyOf((byte) 1));
        CallHeader header = new CallHeader(1, NLM, 2, gss, OpaqueAuth.NONE);

        assertThat(read(memo, header)).isEqualTo(header);
        assertThat(read(memo, header).credential()).isNotSameAs(read(memo, header).credential());
    }

    @Test
    void noneRemembersNothing() throws XdrException {
        CallHeader header = new CallHeader(1, NLM, 2, ROOT, OpaqueAuth.NONE);

        CallHeader first = read(CallHeaderMemo.NONE, header);
        CallHeader second = read(CallHeaderMemo.NONE, header);

        assertThat(second).isEqualTo(first);
        assertThat(second.programVersion()).isNotSameAs(first.programVersion());
        assertThat(second.credential()).isNotSameAs(first.credential());
    }

    /** More values than slots: whatever was pushed out, each reading is right. */
    @Test
    void partsThatPushEachOtherOutAreReadRight() throws XdrException {
        Random random = Seed.random("partsThatPushEachOtherOutAreReadRight");
        for (int i = 0; i < 20_000; i++) {
            CallHeader header =
                    new CallHeader(
                            i,
                            new ProgramVersion(random.nextInt(40) - 20, random.nextInt(5)),
                            random.nextInt(30),
                            sys(random.nextInt(20), random.nextInt(20), random.nextInt(3)),
                            random.nextBoolean() ? OpaqueAuth.NONE : sys(1, 1, 1));
            assertThat(read(memo, header)).isEqualTo(header);
        }
    }

    private static OpaqueAuth sys(int... bytes) {
        XdrWriter writer = new XdrWriter();
        for (int each : bytes) {
            writer.writeInt(each);
        }
        return new OpaqueAuth(AuthFlavor.SYS, writer.toOpaque());
    }

    private static CallHeader read(CallHeaderMemo memo, CallHeader header) throws XdrException {
        XdrWriter writer = new XdrWriter();
        header.encode(writer);
        return (CallHeader) IncomingCall.decode(XdrReader.of(writer.toByteBuffer()), memo);
    }
}
