package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.DaemonStatus;

/** {@code bin/nlmd} from the distribution folder, running beside the NFSv3 server. */
final class NlmdUnderTest implements AutoCloseable {
    /** Seconds of grace after a restart: long enough to see it hold, short enough to wait for. */
    static final int GRACE_SECONDS = 8;

    private static final String NAME = "nlmd";
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);

    /** Much longer than the 30 s after which a waiting kernel asks again by itself. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final ServerSide server;
    private final Path stateFolder;
    private final Path log;
    private String listen = LinuxClients.SERVER;
    private Optional<AdminClient> admin = Optional.empty();

    /** A daemon that does not run yet, with a state folder of its own. */
    NlmdUnderTest(LinuxClients clients) throws IOException {
        this(clients.server());
    }

    /** The same on a server side without guests. */
    NlmdUnderTest(ServerSide server) throws IOException {
        this.server = server;
        this.stateFolder = Files.createTempDirectory(server.runFolder(), "state");
        this.log = server.runFolder().resolve(NAME + ".log");
    }

    /** The launcher of the distribution. */
    static String launcher(String name) {
        return Path.of(System.getProperty("e2e.distribution"), "bin", name).toString();
    }

    Path stateFolder() {
        return stateFolder;
    }

    /** Serves these addresses instead of the server's first one; before it starts. */
    NlmdUnderTest listening(String... addresses) {
        listen = String.join(",", addresses);
        return this;
    }

    /** Starts it and waits for its ready line, which is returned. */
    String start(int nlmPort, int nsmPort, String... options) throws IOException {
        long before = Files.exists(log) ? Files.size(log) : 0;
        List<String> line = new ArrayList<>(Arrays.asList("start", NAME, launcher(NAME)));
        line.addAll(List.of("--listen", listen, "--state-dir", stateFolder.toString()));
        line.addAll(List.of("--nlm-port", Integer.toString(nlmPort)));
        line.addAll(List.of("--nsm-port", Integer.toString(nsmPort)));
        line.addAll(List.of("--grace", Integer.toString(GRACE_SECONDS)));
        line.addAll(Arrays.asList(options));
        server.script().runOrThrow(line.toArray(String[]::new));
        await("nlmd is ready").atMost(READY_LIMIT).until(() -> readyLine(before).isPresent());
        admin = Optional.of(AdminClient.connect(stateFolder.resolve("nlmd.sock")));
        return readyLine(before).orElseThrow();
    }

    private Optional<String> readyLine(long offset) throws IOException {
        String text = Files.exists(log) ? Files.readString(log) : "";
        return text.substring((int) Math.min(offset, text.length()))
                .lines()
                .filter(line -> line.startsWith("nlmd ready"))
                .findFirst();
    }

    AdminClient admin() {
        return admin.orElseThrow();
    }

    DaemonStatus status() throws IOException, InterruptedException {
        return admin().status();
    }

    /** Waits until so many requests wait in queues. */
    void awaitWaiters(long count) {
        await(count + " requests wait").atMost(LIMIT).until(() -> status().waiters() == count);
    }

    /** Waits until so many locks are held. */
    void awaitLocks(long count) {
        await(count + " locks are held").atMost(LIMIT).until(() -> status().locks() == count);
    }

    /** Waits until nobody holds anything or waits for it. */
    void awaitNothingLeft() {
        awaitLocks(0);
        awaitWaiters(0);
    }

    /** The locks that are held, such as {@code "SHARED 0-99"}, in the order of the listing. */
    List<String> held() throws IOException, InterruptedException {
        return admin().held().stream().map(lock -> lock.mode() + " " + lock.range()).toList();
    }

    /** Stops it in good order, or with KILL as a crash does. */
    void stop(String signal) throws IOException {
        admin.ifPresent(AdminClient::close);
        admin = Optional.empty();
        server.script().runOrThrow("stop", NAME, signal);
    }

    /** Has it stand still, as on a machine that swaps, until {@link #resume}. */
    void suspend() throws IOException {
        signal("STOP");
    }

    void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException {
        String command = "kill -" + signal + " $(cat /run/started." + NAME + ")";
        server.script().runOrThrow("exec", "sh", "-c", command);
    }

    @Override
    public void close() throws IOException {
        if (admin.isPresent()) {
            stop("TERM");
        }
    }
}
