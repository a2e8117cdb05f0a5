package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.dcache.oncrpc4j.rpc.ReplyQueue;
import org.dcache.oncrpc4j.rpc.RpcAccepsStatus;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcRejectStatus;
import org.dcache.oncrpc4j.rpc.RpcReply;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.dcache.oncrpc4j.xdr.XdrInt;
import org.dcache.oncrpc4j.xdr.XdrVoid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Messages of oncrpc4j read by us, and ours read by oncrpc4j. */
class Oncrpc4jMessagesTest {
    private final Queue<byte[]> sent = new ArrayDeque<>();
    private final ReplyQueue replies = new ReplyQueue();
    private final RpcTransport transport = recordingTransport();

    @AfterEach
    void stopTheTimer() {
        replies.shutdown();
    }

    @Test
    void itsCallsAreOurs() throws IOException {
        CallHeader header = callOf(new RpcAuthTypeNone());
        assertThat(header.programVersion()).isEqualTo(new ProgramVersion(100021, 4));
        assertThat(header.procedure()).isEqualTo(3);
        assertThat(header.credential()).isSameAs(OpaqueAuth.NONE);
    }

    @Test
    void itsAuthSysIsOurs() throws IOException {
        CallHeader header = callOf(new RpcAuthTypeUnix(1000, 100, new int[] {4, 24}, 77, "client"));
        assertThat(AuthSys.decode(header.credential()))
                .isEqualTo(new AuthSys(77, Opaque.ofUtf8("client"), 1000, 100, List.of(4, 24)));
    }

    @Test
    void ourCallsAreIts() throws IOException {
        AuthSys sys = new AuthSys(5, Opaque.ofUtf8("host"), 10, 20, List.of(30, 40));
        RpcCall call = accepted(sys.toOpaqueAuth());
        assertThat(call.getProgram()).isEqualTo(100021);
        assertThat(call.getProgramVersion()).isEqualTo(4);
        assertThat(call.getProcedure()).isEqualTo(7);
        RpcAuthTypeUnix credential = (RpcAuthTypeUnix) call.getCredential();
        assertThat(credential.uid()).isEqualTo(10);
        assertThat(credential.gid()).isEqualTo(20);
        assertThat(credential.gids()).containsExactly(30, 40);
        XdrInt argument = new XdrInt();
        call.retrieveCall(argument);
        assertThat(argument.intValue()).isEqualTo(42);
    }

    @Test
    void itsRepliesAreOurs() throws IOException {
        accepted(OpaqueAuth.NONE).reply(new XdrInt(42));
        XdrReader reader = nextSent();
        assertThat(ReplyHeader.decode(reader)).isEqualTo(ReplyHeader.success(9));
        assertThat(reader.readInt()).isEqualTo(42);

        accepted(OpaqueAuth.NONE).failProgramMismatch(2, 4);
        assertThat(ReplyHeader.decode(nextSent()))
                .isEqualTo(
                        new ReplyHeader.ProgramMismatch(
                                9, OpaqueAuth.NONE, new VersionRange(2, 4)));

        accepted(OpaqueAuth.NONE).failRpcGarbage();
        assertThat(ReplyHeader.decode(nextSent()))
                .isEqualTo(new ReplyHeader.Accepted(9, OpaqueAuth.NONE, AcceptStatus.GARBAGE_ARGS));

        accepted(OpaqueAuth.NONE).reject(RpcRejectStatus.AUTH_ERROR, new XdrInt(5));
        assertThat(ReplyHeader.decode(nextSent()))
                .isEqualTo(new ReplyHeader.AuthError(9, AuthStatus.AUTH_TOOWEAK));
    }

    @Test
    void ourRepliesAreIts() throws IOException {
        RpcReply success = reply(ReplyHeader.success(9));
        assertThat(success.isAccepted()).isTrue();
        assertThat(success.getAcceptStatus()).isEqualTo(RpcAccepsStatus.SUCCESS);
        XdrInt result = new XdrInt();
        success.getReplyResult(result);
        assertThat(result.intValue()).isEqualTo(42);

        VersionRange range = new VersionRange(1, 4);
        RpcReply mismatch = reply(new ReplyHeader.ProgramMismatch(9, OpaqueAuth.NONE, range));
        assertThat(mismatch.getAcceptStatus()).isEqualTo(RpcAccepsStatus.PROG_MISMATCH);
        assertThat(mismatch.getMismatchInfo().toString()).contains("1").contains("4");

        RpcReply denied = reply(new ReplyHeader.AuthError(9, AuthStatus.AUTH_BADCRED));
        assertThat(denied.isAccepted()).isFalse();
        assertThat(denied.getRejectStatus()).isEqualTo(RpcRejectStatus.AUTH_ERROR);
        assertThat(denied.getAuthStatus()).isEqualTo(1);

        RpcReply rpcMismatch = reply(new ReplyHeader.RpcMismatch(9, range));
        assertThat(rpcMismatch.getRejectStatus()).isEqualTo(RpcRejectStatus.RPC_MISMATCH);
    }

    private CallHeader callOf(RpcAuth credential) throws IOException {
        new RpcCall(100021, 4, credential, transport)
                .call(3, XdrVoid.XDR_VOID, new NoHandler(), 1, TimeUnit.MINUTES);
        XdrReader reader = nextSent();
        CallHeader header = CallHeader.decode(reader);
        reader.expectEnd();
        return header;
    }

    /** Our call, with 42 as its argument, as oncrpc4j's server side sees it. */
    private RpcCall accepted(OpaqueAuth credential) throws IOException {
        XdrWriter writer = new XdrWriter();
        new CallHeader(9, new ProgramVersion(100021, 4), 7, credential, OpaqueAuth.NONE)
                .encode(writer);
        writer.writeInt(42);
        RpcCall call = new RpcCall(9, afterPrefix(writer), transport);
        call.accept();
        return call;
    }

    /** Our reply, with 42 as its result, as oncrpc4j's client side sees it. */
    private RpcReply reply(ReplyHeader header) throws IOException {
        XdrWriter writer = new XdrWriter();
        header.encode(writer);
        writer.writeInt(42);
        return new RpcReply(9, afterPrefix(writer), transport);
    }

    /** oncrpc4j reads xid and type before it makes a call or reply. */
    private static Xdr afterPrefix(XdrWriter writer) throws IOException {
        Xdr xdr = new Xdr(writer.toByteArray());
        xdr.beginDecoding();
        assertThat(xdr.xdrDecodeLong() >>> 32).isEqualTo(9);
        return xdr;
    }

    private XdrReader nextSent() {
        return XdrReader.of(ByteBuffer.wrap(sent.remove()));
    }

    private RpcTransport recordingTransport() {
        return (RpcTransport)
                Proxy.newProxyInstance(
                        RpcTransport.class.getClassLoader(),
                        new Class<?>[] {RpcTransport.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "send" -> record((Xdr) arguments[0]);
                                    case "getReplyQueue" -> replies;
                                    case "isOpen" -> true;
                                    case "isTLS" -> false;
                                    default -> null;
                                });
    }

    private Object record(Xdr xdr) {
        sent.add(xdr.getBytes());
        return null;
    }

    /** Nobody waits for these calls. */
    private static final class NoHandler implements CompletionHandler<RpcReply, RpcTransport> {
        @Override
        public void completed(RpcReply reply, RpcTransport attachment) {}

        @Override
        public void failed(Throwable failure, RpcTransport attachment) {}
    }
}
