package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Retransmission;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;

/**
 * GRANTED as it goes out: the one-way GRANTED_MSG, whose answer comes as a call of GRANTED_RES; or,
 * to clients that were named, the procedure GRANTED, whose reply is the answer. Immutable.
 */
final class GrantedCall {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    /** A copy of which nobody knows would make a refusal mean nothing. */
    private static final CallOptions ONCE = OPTIONS.withRetransmission(Retransmission.NEVER);

    private final RpcClient client;
    private final Set<HostAddress> called;

    /**
     * Calls through this client.
     *
     * @param called who gets GRANTED; everybody else gets GRANTED_MSG
     */
    GrantedCall(RpcClient client, Collection<InetAddress> called) {
        this.client = client;
        this.called = called.stream().map(HostAddress::of).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Sends it once.
     *
     * @return completes when a message has been handed to the socket, empty; or when a call has
     *     been answered, with the answer
     */
    CompletionStage<Optional<NlmStatus>> send(
            HostAddress host, RpcTarget target, int version, TestArgs arguments) {
        NlmOperation<TestArgs, StatusReply> granted = NlmVersion.of(version).granted();
        return called.contains(host)
                ? client.call(target, granted.call(), arguments, ONCE)
                        .thenApply(reply -> Optional.of(reply.status()))
                : client.send(target, granted.message(), arguments, OPTIONS)
                        .thenApply(sent -> Optional.empty());
    }
}
