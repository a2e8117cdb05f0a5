package org.oncrpckit.rpc.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt to connect from a privileged port, over as many ports as it takes. */
final class PrivilegedPorts {
    private final Network network;
    private final InetSocketAddress remote;
    private final InetAddress source;
    private final Duration timeLimit;
    private final CompletableFuture<Endpoint> result = new CompletableFuture<>();

    PrivilegedPorts(
            Network network, InetSocketAddress remote, InetAddress source, Duration timeLimit) {
        this.network = network;
        this.remote = remote;
        this.source = source;
        this.timeLimit = timeLimit;
    }

    CompletableFuture<Endpoint> connect(Iterator<Integer> ports) {
        tryNext(ports, null);
        return result;
    }

    /** Walks on while ports fail at once; a future that completes later walks on from there. */
    private void tryNext(Iterator<Integer> ports, @Nullable Throwable last) {
        Throwable failure = last;
        while (ports.hasNext()) {
            InetSocketAddress local = new InetSocketAddress(source, ports.next());
            CompletableFuture<Endpoint> attempt = network.connect(remote, local, timeLimit);
            if (!attempt.isCompletedExceptionally()) {
                follow(attempt, ports);
                return;
            }
            failure = attempt.handle((endpoint, thrown) -> thrown).join();
            if (!isTaken(failure)) {
                end(failure);
                return;
            }
        }
        result.completeExceptionally(none(source, failure));
    }

    private void follow(CompletableFuture<Endpoint> attempt, Iterator<Integer> ports) {
        var unusedCancel =
                result.whenComplete(
                        (endpoint, failure) -> {
                            if (result.isCancelled()) {
                                attempt.cancel(false);
                            }
                        });
        var unused =
                attempt.whenComplete(
                        (endpoint, failure) -> {
                            if (failure == null) {
                                if (!result.complete(endpoint)) {
                                    endpoint.close();
                                }
                            } else if (isTaken(failure)) {
                                tryNext(ports, failure);
                            } else {
                                end(failure);
                            }
                        });
    }

    private void end(Throwable failure) {
        result.completeExceptionally(isForbidden(failure) ? forbidden(source, failure) : failure);
    }

    /** Whether another port may do: this one is bound, or connected to that peer. */
    private static boolean isTaken(@Nullable Throwable failure) {
        return isInUse(failure) || says(failure, "Cannot assign requested address");
    }

    static boolean isInUse(@Nullable Throwable failure) {
        return says(failure, "in use");
    }

    static boolean isForbidden(@Nullable Throwable failure) {
        return says(failure, "Permission denied");
    }

    private static boolean says(@Nullable Throwable failure, String words) {
        return failure != null
                && failure.getMessage() != null
                && failure.getMessage().contains(words);
    }

    static BindException forbidden(InetAddress address, Throwable cause) {
        return caused(
                "cannot bind a port below 1024 on "
                        + address.getHostAddress()
                        + ": this needs root or the capability CAP_NET_BIND_SERVICE",
                cause);
    }

    static IOException none(InetAddress address, @Nullable Throwable cause) {
        return caused("no free port from 1023 down to 512 on " + address.getHostAddress(), cause);
    }

    private static BindException caused(String message, @Nullable Throwable cause) {
        BindException exception = new BindException(message);
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }
}
