package org.oncrpckit.nlm.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.LocalOwner;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.admin.LocalLockReply.Outcome;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Opaque;

class AdminSessionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String LABEL = "a test";

    private final SocketPlatform sockets = SocketPlatform.open();
    private final RpcPlatform platform = sockets.platform();
    private final RpcClient client = RpcClient.builder(platform).build();
    private NlmService service;
    private AdminSession session;

    @BeforeEach
    void open() throws IOException {
        RpcbindClient rpcbind = new RpcbindClient(client);
        NsmService nsm = NsmService.builder(platform, client, rpcbind).open(new MemoryNsmStore());
        service = NlmService.builder(platform, client, rpcbind, StatusMonitor.of(nsm)).build();
        session = new AdminSession(1, platform.timers(), service);
    }

    @AfterEach
    void close() {
        session.close();
        service.close();
        client.close();
        sockets.close();
    }

    @Test
    void aRequestThatWasCancelledTakesNoPlaceOfTheConnection() {
        assertThat(lock(false).outcome()).isEqualTo(Outcome.GRANTED);
        LocalLockReply waiting = lock(true);
        assertThat(waiting.outcome()).isEqualTo(Outcome.WAITING);
        service.local().releaseOwner(LocalOwner.of(LABEL + " #1." + waiting.token(), 7));

        assertThat(await(waiting)).isEqualTo(new LocalLockReply(Outcome.ENDED, 0, "cancelled"));
        assertThat(await(waiting).detail()).isEqualTo("no such lock of this connection");
    }

    private LocalLockReply lock(boolean queued) {
        return session.lock(
                new LocalLockRequest(Opaque.ofUtf8("a file"), 0, 9, true, queued, LABEL, 7));
    }

    private LocalLockReply await(LocalLockReply waiting) {
        return session.await(new AwaitRequest(waiting.token(), PATIENCE.toMillis()))
                .toCompletableFuture()
                .join();
    }
}
