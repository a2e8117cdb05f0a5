package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.oncrpckit.nlm.ClientRole;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.server.RpcHandler;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.xdr.Nothing;

/**
 * Program 100021 of a host that locks and serves no locks: GRANTED in both shapes and the results
 * of one-way calls, in every version.
 */
final class CallBackProgram {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final ClientRole role;
    private final RpcClient client;
    private final ServerBook book;

    CallBackProgram(ClientRole role, RpcClient client, ServerBook book) {
        this.role = role;
        this.client = client;
        this.book = book;
    }

    RpcProgram table() {
        RpcProgram.Builder table = RpcProgram.builder(Nlm.PROGRAM, "nlockmgr");
        for (NlmVersion each : NlmVersion.all()) {
            table.asynchronous(
                            each.granted().call(),
                            (call, grant) -> call.answerFrom(granted(call, grant)))
                    .procedure(each.granted().message(), this::grantedMessage)
                    .procedure(each.test().result(), to(role::testAnswered))
                    .procedure(each.lock().result(), to(role::lockAnswered))
                    .procedure(each.cancel().result(), to(role::cancelAnswered))
                    .procedure(each.unlock().result(), to(role::unlockAnswered));
        }
        return table.build();
    }

    private static <R> RpcHandler<R, Nothing> to(BiConsumer<ClientRole.Sender, R> receiver) {
        return (call, reply) -> {
            receiver.accept(sender(call), reply);
            return Nothing.NOTHING;
        };
    }

    private CompletionStage<StatusReply> granted(CallContext call, TestArgs grant)
            throws CallRejectedException {
        return role.granted(sender(call), grant)
                .thenApply(verdict -> new StatusReply(grant.cookie(), verdict));
    }

    /** Answered by a call of GRANTED_RES, once: a server that misses it says again what it said. */
    private Nothing grantedMessage(CallContext call, TestArgs grant) throws CallRejectedException {
        ClientRole.Sender sender = sender(call);
        CompletionStage<NlmStatus> verdict = role.granted(sender, grant);
        call.afterReply(
                () -> {
                    var unused = verdict.thenCompose(status -> answer(sender, grant, status));
                });
        return Nothing.NOTHING;
    }

    private CompletionStage<Void> answer(
            ClientRole.Sender sender, TestArgs grant, NlmStatus verdict) {
        NlmVersion version = sender.version();
        return book.findPeer(sender.server(), version, sender.transport(), ANSWER_LIMIT)
                .thenCompose(
                        found ->
                                found.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : client.send(
                                                found.get().from(sender.local()),
                                                version.granted().result(),
                                                new StatusReply(grant.cookie(), verdict),
                                                CallOptions.DEFAULT.withTimeLimit(ANSWER_LIMIT)));
    }

    private static ClientRole.Sender sender(CallContext call) throws CallRejectedException {
        if (!(call.peer() instanceof InetSocketAddress peer)
                || !(call.endpoint().localAddress() instanceof InetSocketAddress local)) {
            throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
        }
        InetAddress server = peer.getAddress();
        return new ClientRole.Sender(
                server,
                local.getAddress(),
                call.endpoint().transport(),
                NlmVersion.of(call.header().programVersion().version()));
    }
}
