package org.oncrpckit.nlm.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.xdr.Opaque;

/**
 * A path that is chosen after the client has begun its work, and may be changed for a better one;
 * whatever is asked waits for the first.
 */
final class ChosenPath implements CallBackPath {
    private final CompletableFuture<CallBackPath> first = new CompletableFuture<>();

    private volatile @Nullable CallBackPath present;

    @GuardedBy("this")
    private boolean closed;

    /** Chooses; the path before is closed. */
    void choose(CallBackPath path) {
        CallBackPath superfluous;
        synchronized (this) {
            superfluous = closed ? path : present;
            if (!closed) {
                present = path;
            }
        }
        first.complete(path);
        if (superfluous != null) {
            var unused = superfluous.close();
        }
    }

    private CompletionStage<CallBackPath> path() {
        return first.thenApply(chosen -> present == null ? chosen : present);
    }

    @Override
    public CompletionStage<Void> ready() {
        return path().thenCompose(CallBackPath::ready);
    }

    @Override
    public boolean bringsHints() {
        CallBackPath path = present;
        return path != null && path.bringsHints();
    }

    @Override
    public CompletionStage<Expectation> expectGrant(
            InetAddress server, WireLock description, boolean exclusive) {
        return path().thenCompose(path -> path.expectGrant(server, description, exclusive));
    }

    @Override
    public CompletionStage<Expectation> expectResult(InetAddress server, Opaque cookie) {
        return path().thenCompose(path -> path.expectResult(server, cookie));
    }

    @Override
    public CompletionStage<Void> monitor(InetAddress server) {
        return path().thenCompose(path -> path.monitor(server));
    }

    @Override
    public CompletionStage<Void> close() {
        CallBackPath last;
        synchronized (this) {
            closed = true;
            last = present;
        }
        return last == null ? CompletableFuture.completedFuture(null) : last.close();
    }
}
