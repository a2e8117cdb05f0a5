package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;

/** GRANTED as it goes out: the one-way GRANTED_MSG, whose answer comes as a call of GRANTED_RES. */
final class GrantedCall {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final RpcClient client;

    GrantedCall(RpcClient client) {
        this.client = client;
    }

    /**
     * Sends it once.
     *
     * @return completes when it has been handed to the socket
     */
    CompletionStage<Void> send(RpcTarget target, int version, TestArgs arguments) {
        return client.send(target, NlmVersion.of(version).granted().message(), arguments, OPTIONS);
    }
}
