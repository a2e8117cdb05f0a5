package org.oncrpckit.rpc.server.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;

/**
 * Looks for a port number that is free on every address of a service: among all the privileged
 * ones, which satisfy peers that look at it, then among those that the kernel picks.
 */
final class PortSearch {
    /** How many numbers of the kernel's are tried: each is free on one address at least. */
    private static final int EPHEMERAL_ATTEMPTS = 64;

    private static final int PRIVILEGED_MAX = 1023;

    private final Network network;
    private final InetAddress first;
    private IOException last = new IOException("no port tried");

    /**
     * Prepares a search.
     *
     * @param first the address on which a number is found; the others decide whether it will do
     */
    PortSearch(Network network, InetAddress first) {
        this.network = network;
        this.first = first;
    }

    /** What is done with each number that is free on the first address. */
    @FunctionalInterface
    interface Attempt<T> {
        /**
         * Binds the number everywhere else.
         *
         * @param datagram taken over, and closed on failure
         * @throws IOException when another number may do
         */
        T bind(Endpoint datagram) throws IOException;
    }

    /**
     * Searches.
     *
     * @return what the first attempt brought that did not fail
     * @throws IOException how the last attempt failed
     */
    <T> T search(Attempt<T> attempt) throws IOException {
        Set<Integer> avoided = new HashSet<>();
        if (PortPolicy.privileged() instanceof PortPolicy.Privileged policy) {
            avoided.addAll(policy.avoided());
        }
        while (true) {
            Endpoint datagram;
            try {
                datagram = new PortPolicy.Privileged(avoided).bindDatagram(network, first);
            } catch (IOException e) {
                break; // Not permitted, or all have been tried: any other number serves too.
            }
            // From the top down: those above were found taken.
            IntStream.rangeClosed(port(datagram), PRIVILEGED_MAX).forEach(avoided::add);
            try {
                return attempt.bind(datagram);
            } catch (IOException e) {
                last = e;
            }
        }
        return searchEphemeral(attempt);
    }

    private <T> T searchEphemeral(Attempt<T> attempt) throws IOException {
        for (int tried = 0; tried < EPHEMERAL_ATTEMPTS; tried++) {
            try {
                return attempt.bind(PortPolicy.ephemeral().bindDatagram(network, first));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The number that a datagram socket has. */
    static int port(Endpoint datagram) {
        return ((InetSocketAddress) datagram.localAddress()).getPort();
    }
}
