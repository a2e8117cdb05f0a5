package org.oncrpckit.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client host beside the guests, on the server's bridge, where Java programs lock: it has a
 * network, a node name and an rpcbind of its own, and hangs on a cable that can be made bad.
 */
final class JavaHost implements AutoCloseable {
    private final ServerSide server;
    private final int number;
    private final Process holder;
    private final long pid;
    private final Process cable;
    private final BufferedReader cableSays;
    private final Process rpcbind;
    private final List<LockProgram> programs = new ArrayList<>();
    private @Nullable LocalDaemon daemon;

    /**
     * Makes the host.
     *
     * @param number 1 to 9
     * @param seed of the cable's dice
     */
    JavaHost(ServerSide server, int number, long seed) throws IOException {
        this.server = server;
        this.number = number;
        Files.writeString(
                server.runFolder().resolve("etc/hosts"),
                address() + " " + name() + "\n",
                StandardOpenOption.APPEND);
        String script =
                "set -e; hostname %s; mount -t tmpfs -o mode=755 none /run; mkdir /run/rpcbind; chown _rpc /run/rpcbind; mount --bind %s/etc/hosts /etc/hosts; ip link set lo up; echo ready; exec cat"
                        .formatted(name(), server.runFolder());
        holder =
                started(
                        "unshare",
                        "-m",
                        "-n",
                        "-u",
                        "-p",
                        "-f",
                        "--kill-child",
                        "sh",
                        "-c",
                        script);
        expect(holder.inputReader(StandardCharsets.UTF_8), "ready", "namespaces of " + name());
        pid = holder.children().findFirst().orElseThrow().pid();
        String tap = "java" + number;
        cable =
                started(
                        server.harness().resolve("cable.py").toString(),
                        Long.toString(seed),
                        Long.toString(server.holder()),
                        tap,
                        Long.toString(pid),
                        "eth0");
        cableSays = cable.inputReader(StandardCharsets.UTF_8);
        expect(cableSays, "ok", "cable of " + name());
        server.script().runOrThrow("exec", "ip", "link", "set", tap, "master", "br0", "up");
        run("ip", "addr", "add", address() + "/24", "dev", "eth0");
        run("ip", "link", "set", "eth0", "up");
        rpcbind = start("rpcbind", "-f");
    }

    String name() {
        return "java" + number;
    }

    String address() {
        return "10.99.0.2" + number;
    }

    /** How many of a hundred IP packets each way get lost, come twice, come late. */
    void cable(int lost, int repeated, int late) throws IOException {
        cable.outputWriter(StandardCharsets.UTF_8)
                .append("%d %d %d\n".formatted(lost, repeated, late))
                .flush();
        expect(cableSays, "ok", "cable of " + name());
    }

    /** Cuts the cable, until {@link #cable} says otherwise. */
    void cutCable() throws IOException {
        cable(100, 0, 0);
    }

    /** Starts the lock manager of this host, whose clients all programs of the host then are. */
    LocalDaemon startDaemon(String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of("--listen", address() + ",127.0.0.1"));
        line.addAll(List.of("--state-dir", stateFolder().toString()));
        line.addAll(List.of(options));
        LocalDaemon started =
                LocalDaemon.startWithin(enter(), LocalDaemon.SMALL_HEAP, stateFolder(), line);
        daemon = started;
        return started;
    }

    /** The state folder of its lock manager. */
    Path stateFolder() {
        return server.runFolder().resolve(name() + "-state");
    }

    /**
     * Starts a program that locks; its options, words with blanks between, are those of {@link
     * LockProgramMain}.
     */
    LockProgram program(String options) throws IOException {
        List<String> line = new ArrayList<>(enter());
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add(LockProgramMain.class.getName());
        line.addAll(List.of("--server", ServerSide.ADDRESS));
        Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).forEach(line::add);
        Path errors = server.runFolder().resolve(name() + "-program" + programs.size() + ".log");
        LockProgram program =
                new LockProgram(
                        new ProcessBuilder(line).redirectError(errors.toFile()).start(), errors);
        programs.add(program);
        return program;
    }

    /** Starts a command here that goes on. */
    Process start(String... command) throws IOException {
        List<String> line = new ArrayList<>(enter());
        line.addAll(List.of(command));
        return started(line.toArray(String[]::new));
    }

    /** Runs a command here to its end, which must be a good one; its output. */
    String run(String... command) throws IOException {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " on " + name() + ": " + output);
        }
        return output;
    }

    private List<String> enter() {
        return List.of("nsenter", "-t", Long.toString(pid), "-m", "-n", "-u", "--");
    }

    private static Process started(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void expect(BufferedReader output, String line, String what) throws IOException {
        String said = output.readLine();
        if (!line.equals(said)) {
            throw new IOException(what + ": " + said);
        }
    }

    /** Ends its programs as a crash does. */
    void endPrograms() {
        programs.forEach(LockProgram::kill);
    }

    @Override
    public void close() {
        endPrograms();
        LocalDaemon running = daemon;
        if (running != null) {
            running.close();
        }
        rpcbind.destroyForcibly().onExit().join();
        cable.destroyForcibly().onExit().join();
        holder.destroyForcibly().onExit().join();
    }
}
