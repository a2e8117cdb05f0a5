package org.oncrpckit.benchmarks.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;

/** Finds ports that nobody uses. */
public final class FreePort {
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** One that is free for UDP and TCP now. */
    public static int find() throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            try (ServerSocket stream = new ServerSocket(0);
                    DatagramSocket datagrams = new DatagramSocket(stream.getLocalPort())) {
                return datagrams.getLocalPort();
            } catch (SocketException taken) {
                // the next one then
            }
        }
        throw new IOException("no port is free for both UDP and TCP");
    }
}
