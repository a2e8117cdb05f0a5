package org.oncrpckit.benchmarks.subject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a client is to do, as a line on its standard input asks for it: {@code TRANSPORT IN_FLIGHT
 * HOSTS SECONDS}. The answer is a line of JSON. So a client's process stays alive, and compiled,
 * from one round to the next.
 *
 * @param transport udp, tcp or unix
 * @param inFlight calls in flight at once
 * @param hosts number of servers, on 127.1.0.0 and the addresses that follow
 * @param seconds how long
 * @param port of every server
 * @param socket path of the UNIX-domain socket
 */
record Load(String transport, int inFlight, int hosts, double seconds, int port, Path socket) {
    private static final int FIRST_HOST = 0x7f01_0000;

    /** A client that can be measured. */
    interface Client {
        /** Calls as asked. */
        Result run(Load load) throws Exception;
    }

    /** What came of it. */
    record Result(Latencies latencies, long errors, double seconds) {
        private String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"calls\": %d, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f,"
                            + " \"max_us\": %.1f, \"errors\": %d}",
                    latencies.count(),
                    latencies.count() / seconds,
                    latencies.micros(0.5),
                    latencies.micros(0.99),
                    latencies.longestMicros(),
                    errors);
        }
    }

    /** The address of the server with this number. */
    InetSocketAddress host(int number) throws IOException {
        int address = FIRST_HOST + number;
        byte[] bytes = {
            (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
        };
        return new InetSocketAddress(java.net.InetAddress.getByAddress(bytes), port);
    }

    /**
     * Runs the client for every line of standard input.
     *
     * @param arguments port of the servers, path of the UNIX-domain socket
     */
    static void serve(Client client, String[] arguments) throws Exception {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        String line = commands.readLine();
        while (line != null) {
            String[] words = line.split(" ", -1);
            Load load =
                    new Load(
                            words[0],
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Double.parseDouble(words[3]),
                            Integer.parseInt(arguments[0]),
                            Path.of(arguments[1]));
            System.out.println(client.run(load).json());
            line = commands.readLine();
        }
    }
}
