package org.oncrpckit.nsm.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host of its own on this machine: network, node name, /run and /var/lib/nfs are its own. The
 * kernel takes everything back when its processes have ended; they end with the test at the latest.
 */
final class HostSpace implements AutoCloseable {
    private static final Path RPC_STATD = Path.of("/usr/sbin/rpc.statd");
    private static final Path RPCBIND = Path.of("/usr/sbin/rpcbind");
    private static final String COMMAND_SECONDS = "60";

    private final Process holder;
    private final List<Told> processes = new ArrayList<>();

    private HostSpace(Process holder) {
        this.holder = holder;
    }

    /** Whether this machine and user allow it, and have what Debian calls nfs-common. */
    static boolean possible() {
        try {
            return Files.isExecutable(RPC_STATD)
                    && Files.isExecutable(RPCBIND)
                    && new ProcessBuilder("unshare", "--net", "--mount", "--uts", "true")
                                    .redirectErrorStream(true)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes a host that knows the others by this file. */
    static HostSpace create(String name, Path hosts) throws IOException {
        String script =
                "set -e; hostname "
                        + name
                        + "; mount -t tmpfs none /run; mount -t tmpfs none /var/lib/nfs"
                        + "; mkdir /run/rpcbind /var/lib/nfs/sm /var/lib/nfs/sm.bak"
                        + "; chown _rpc /run/rpcbind; chown -R statd /var/lib/nfs"
                        + "; mount --bind "
                        + hosts
                        + " /etc/hosts; ip link set lo up; echo ready; exec cat";
        Process holder =
                new ProcessBuilder("unshare", "--net", "--mount", "--uts", "sh", "-c", script)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(output.readLine())) {
            throw new IOException("no namespace for " + name);
        }
        return new HostSpace(holder);
    }

    /** A cable between two hosts. */
    void connect(HostSpace other, List<String> addresses, List<String> addressesOfOther)
            throws IOException, InterruptedException {
        run(
                "ip",
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                Long.toString(other.holder.pid()));
        up(addresses);
        other.up(addressesOfOther);
    }

    private void up(List<String> addresses) throws IOException, InterruptedException {
        for (String each : addresses) {
            if (each.contains(":")) {
                run("ip", "address", "add", each, "dev", "eth0", "nodad");
            } else {
                run("ip", "address", "add", each, "dev", "eth0");
            }
        }
        run("ip", "link", "set", "eth0", "up");
    }

    /** Runs a command to its end, which must be a good one, and come in time. */
    String run(String... command) throws IOException, InterruptedException {
        List<String> limited = new ArrayList<>(List.of("timeout", COMMAND_SECONDS));
        limited.addAll(List.of(command));
        Process process = builder(limited).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    /** Starts a process that goes on. */
    Told start(String... command) throws IOException {
        Told process = new Told(builder(List.of(command)).redirectErrorStream(true).start());
        processes.add(process);
        return process;
    }

    /** Starts a main class of this test's class path. */
    Told java(String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    private ProcessBuilder builder(List<String> command) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("nsenter", "-t", Long.toString(holder.pid()), "-n", "-m", "-u", "--"));
        line.addAll(command);
        return new ProcessBuilder(line);
    }

    @Override
    public void close() {
        processes.forEach(Told::kill);
        holder.destroyForcibly();
    }
}
