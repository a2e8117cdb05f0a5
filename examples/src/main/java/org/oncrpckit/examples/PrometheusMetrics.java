package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.socket.SocketPlatform;

/** The numbers of a client in the text format that Prometheus reads. */
public final class PrometheusMetrics {
    // [sink]
    /** Keeps each number by its line; a page of them is read at any time, by any thread. */
    static final class Page implements MetricSink {
        private final Map<String, LongSupplier> numbers = new ConcurrentSkipListMap<>();

        @Override
        public void counter(String name, Map<String, String> labels, LongSupplier count) {
            numbers.put(plain(name) + "_total" + text(labels), count);
        }

        @Override
        public void gauge(String name, Map<String, String> labels, LongSupplier value) {
            numbers.put(plain(name) + text(labels), value);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            numbers.forEach(
                    (line, number) ->
                            text.append(line).append(' ').append(number.getAsLong()).append('\n'));
            return text.toString();
        }

        private static String plain(String name) {
            return name.replaceAll("[^a-zA-Z0-9_]", "_");
        }

        private static String text(Map<String, String> labels) {
            return labels.isEmpty()
                    ? ""
                    : labels.entrySet().stream()
                            .map(each -> each.getKey() + "=\"" + each.getValue() + "\"")
                            .collect(Collectors.joining(",", "{", "}"));
        }
    }

    // [end]

    private PrometheusMetrics() {}

    /** Makes a call and prints what was counted. */
    public static void main(String[] arguments)
            throws IOException, RpcException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketPlatform sockets = SocketPlatform.open();
                GreetingServer server = new GreetingServer(sockets.platform(), anyPort);
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            Page page = new Page();
            client.publish(page);
            client.callAndWait(
                    RpcTarget.udp(server.address()),
                    GreetingProtocol.GREET,
                    new GreetingProtocol.Request("world", 1),
                    CallOptions.DEFAULT);
            System.out.print(page.text());
        }
    }
}
