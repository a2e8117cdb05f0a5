package org.oncrpckit.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.CallStyle;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockListener;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/**
 * A program that uses {@code NlmClient}: takes commands from its standard input, one a line, and
 * answers each with its number when it is over. It ends with its standard input.
 *
 * <pre>
 * options   --server ADDRESS  --udp  --version 1|3|4  --one-way  --relay SOCKET  --answer-limit S
 * commands  N lock OWNER FILE RANGE X|S SECONDS     waits, SECONDS at most
 *           N try OWNER FILE RANGE X|S
 *           N test OWNER FILE RANGE X|S
 *           N unlock OWNER FILE RANGE
 *           N cancel M                              the lock command of number M
 *           N count OWNER FILE TIMES COUNTER        adds one under the lock, so many times
 *           N rebooted STATE                        the server has restarted
 *           N held
 *           N close
 * </pre>
 *
 * OWNER is any word, FILE a handle in hexadecimal digits, RANGE as in 0-99 or 200-EOF, COUNTER a
 * file on this machine. What the lock listener hears is printed behind the word "news".
 */
final class LockProgramMain implements LockListener {
    private static final Duration COUNT_LIMIT = Duration.ofMinutes(5);

    private final NlmClient client;
    private final NlmServer server;
    private final Map<String, NlmOwner> owners = new ConcurrentHashMap<>();
    private final Map<String, LockWait> waits = new ConcurrentHashMap<>();

    private LockProgramMain(SocketPlatform sockets, Iterator<String> options) throws IOException {
        NlmClient.Builder builder = NlmClient.builder(sockets.platform()).listener(this);
        builder.withoutRelay();
        InetAddress address = InetAddress.getLoopbackAddress();
        Transport transport = Transport.TCP;
        while (options.hasNext()) {
            String option = options.next();
            switch (option) {
                case "--server" -> address = InetAddress.getByName(options.next());
                case "--udp" -> transport = Transport.UDP;
                case "--version" ->
                        builder.versions(Set.of(NlmVersion.of(Integer.parseInt(options.next()))));
                case "--one-way" -> builder.style(CallStyle.ONE_WAY);
                case "--relay" -> builder.relay(Path.of(options.next()));
                case "--answer-limit" ->
                        builder.answerLimit(Duration.ofSeconds(Long.parseLong(options.next())));
                default -> throw new IllegalArgumentException(option);
            }
        }
        server = new NlmServer(address, transport, 0);
        client = builder.build();
    }

    public static void main(String[] arguments) throws IOException {
        try (SocketPlatform sockets = SocketPlatform.open();
                BufferedReader input =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            LockProgramMain program =
                    new LockProgramMain(sockets, Arrays.asList(arguments).iterator());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                var unused =
                        program.run(words)
                                .whenComplete(
                                        (answer, failure) ->
                                                say(
                                                        words[0],
                                                        failure == null
                                                                ? answer
                                                                : "failed: " + failure));
            }
        }
        // Whoever started it is gone, or wants it gone at once.
        Runtime.getRuntime().halt(0);
    }

    private static synchronized void say(String about, Object what) {
        System.out.println(about + " " + what);
        System.out.flush();
    }

    private CompletionStage<?> run(String... words) {
        switch (words[1]) {
            case "lock" -> {
                LockWait wait =
                        client.lock(lock(words), Duration.ofSeconds(Long.parseLong(words[6])));
                waits.put(words[0], wait);
                return wait.answer().thenApply(LockProgramMain::text);
            }
            case "try" -> {
                return client.tryLock(lock(words)).thenApply(LockProgramMain::text);
            }
            case "test" -> {
                return client.test(lock(words)).thenApply(LockProgramMain::text);
            }
            case "unlock" -> {
                return client.unlock(lock(words[2], words[3], words[4], "X"))
                        .thenApply(done -> "Unlocked");
            }
            case "cancel" -> {
                return waits.get(words[2]).cancel().thenApply(LockProgramMain::text);
            }
            case "count" -> {
                return count(
                        lock(words[2], words[3], "0-EOF", "X"),
                        Integer.parseInt(words[4]),
                        Path.of(words[5]));
            }
            case "rebooted" -> {
                client.serverRebooted(server.address(), Integer.parseInt(words[2]));
                return CompletableFuture.completedFuture("Told");
            }
            case "held" -> {
                return CompletableFuture.completedFuture(
                        client.held().stream().map(LockProgramMain::describe).toList());
            }
            case "close" -> {
                return client.closeAsync().thenApply(done -> "Closed");
            }
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private CompletionStage<?> count(NlmLock lock, int times, Path counter) {
        if (times == 0) {
            return CompletableFuture.completedFuture("Counted");
        }
        return client.lock(lock, COUNT_LIMIT)
                .answer()
                .thenCompose(
                        answer -> {
                            if (!(answer instanceof LockAnswer.Granted)) {
                                throw new IllegalStateException(answer.toString());
                            }
                            addOne(counter);
                            return client.unlock(lock);
                        })
                .thenCompose(done -> count(lock, times - 1, counter));
    }

    private static void addOne(Path counter) {
        try {
            int number = Integer.parseInt(Files.readString(counter).strip());
            Files.writeString(counter, Integer.toString(number + 1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private NlmLock lock(String... words) {
        return lock(words[2], words[3], words[4], words[5]);
    }

    private NlmLock lock(String owner, String file, String range, String mode) {
        return new NlmLock(
                server,
                Opaque.copyOf(HexFormat.of().parseHex(file)),
                owners.computeIfAbsent(owner, key -> client.newOwner()),
                range(range),
                mode.equals("X") ? LockMode.EXCLUSIVE : LockMode.SHARED);
    }

    private static LockRange range(String text) {
        int dash = text.indexOf('-');
        String last = text.substring(dash + 1);
        return new LockRange(
                Long.parseLong(text.substring(0, dash)),
                last.equals("EOF") ? LockRange.END : Long.parseLong(last));
    }

    private static String text(LockAnswer answer) {
        return answer instanceof LockAnswer.Refused refused
                ? "Refused " + refused.status()
                : answer.getClass().getSimpleName();
    }

    private static String text(LockAnswer.Test answer) {
        if (answer instanceof LockAnswer.Test.Conflict conflict) {
            return "Conflict %s %d+%d"
                    .formatted(
                            conflict.holder().exclusive() ? "X" : "S",
                            conflict.holder().offset(),
                            conflict.holder().length());
        }
        return answer instanceof LockAnswer.Test.Refused refused
                ? "Refused " + refused.status()
                : "Free";
    }

    private static String describe(NlmLock lock) {
        return lock.mode() + " " + lock.range();
    }

    @Override
    public void reclaimed(NlmLock lock) {
        say("news", "reclaimed " + describe(lock));
    }

    @Override
    public void regained(NlmLock lock) {
        say("news", "regained " + describe(lock));
    }

    @Override
    public void lost(NlmLock lock, String why) {
        say("news", "lost " + describe(lock));
    }

    @Override
    public void notMonitored(InetAddress address, String why) {
        say("news", "not monitored " + address.getHostAddress());
    }
}
