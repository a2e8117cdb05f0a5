package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.xdr.Opaque;

/** A path that is chosen after the client has begun its work; whatever is asked waits for that. */
final class ChosenPath implements CallBackPath {
    private final CompletableFuture<CallBackPath> chosen = new CompletableFuture<>();

    /** Chooses, once. */
    void choose(CallBackPath path) {
        if (!chosen.complete(path)) {
            var unused = path.close();
        }
    }

    @Override
    public CompletionStage<Void> ready() {
        return chosen.thenCompose(CallBackPath::ready);
    }

    @Override
    public boolean bringsHints() {
        CallBackPath path = chosen.getNow(null);
        return path != null && path.bringsHints();
    }

    @Override
    public CompletionStage<Expectation> expectGrant(
            InetAddress server, WireLock description, boolean exclusive) {
        return chosen.thenCompose(path -> path.expectGrant(server, description, exclusive));
    }

    @Override
    public CompletionStage<Expectation> expectResult(InetAddress server, Opaque cookie) {
        return chosen.thenCompose(path -> path.expectResult(server, cookie));
    }

    @Override
    public CompletionStage<Void> monitor(InetAddress server) {
        return chosen.thenCompose(path -> path.monitor(server));
    }

    @Override
    public CompletionStage<Void> close() {
        CompletionStage<Void> closed = chosen.thenCompose(CallBackPath::close);
        return chosen.isDone() ? closed : CompletableFuture.completedFuture(null);
    }
}
