package org.oncrpckit.e2e.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodecs;

/** The program of {@code echo.h}, and calls to it that check what comes back. */
final class EchoProtocol {
    static final ProgramVersion VERSION = new ProgramVersion(0x2000_0071, 3);

    private static final int MAX = 60_000;

    static final Procedure<Opaque, Opaque> ECHO =
            new Procedure<>(VERSION, 1, "ECHO", XdrCodecs.opaque(MAX), XdrCodecs.opaque(MAX));

    static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(VERSION, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    private EchoProtocol() {}

    /**
     * So many calls at once, of growing and then again small arguments; how many came back right.
     */
    static int call(RpcClient client, RpcTarget target, int calls) throws Exception {
        List<CompletableFuture<Opaque>> results = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            results.add(client.call(target, ECHO, argument(call), CallOptions.DEFAULT));
        }
        int right = 0;
        for (int call = 0; call < calls; call++) {
            if (results.get(call).get(60, TimeUnit.SECONDS).equals(argument(call))) {
                right++;
            }
        }
        return right;
    }

    static Opaque argument(int call) {
        byte[] bytes = new byte[call * 37 % 8192];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (call + i);
        }
        return Opaque.copyOf(bytes);
    }
}
