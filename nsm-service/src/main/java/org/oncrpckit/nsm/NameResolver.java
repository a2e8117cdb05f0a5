package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Finds the addresses of the host that a service outside this process wants monitored. Services
 * inside it bring the address along, and no name that came over the network is ever resolved.
 */
@FunctionalInterface
public interface NameResolver {
    /** Takes address literals and finds no name: what Linux's lock daemon sends. */
    NameResolver LITERALS =
            name ->
                    CompletableFuture.completedFuture(
                            name.address().map(List::of).orElseGet(List::of));

    /** The addresses, none when the name is not known. Must not block. */
    CompletionStage<List<InetAddress>> resolve(HostName name);
}
