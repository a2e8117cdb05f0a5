package org.oncrpckit.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The host of {@code native/lockhost}: name spaces with a network of their own, nfs-ganesha in it
 * where it is installed, and a client host beside it. Everything in it ends when it is closed.
 */
public final class LockHost implements AutoCloseable {
    /** Address of the host for its client. */
    public static final String ADDRESS = "10.98.0.1";

    /** Address of the client host. */
    public static final String CLIENT = "10.98.0.2";

    /** Where ganesha's lock manager listens. */
    public static final int GANESHA_PORT = 20_049;

    /** Where rpc.statd listens. */
    public static final int STATD_PORT = 20_050;

    private static final int MOUNT_PORT = 20_048;
    private static final int NFS_PORT = 2_049;

    private final Child holder;
    private final long pid;

    private LockHost(Child holder, long pid) {
        this.holder = holder;
        this.pid = pid;
    }

    /**
     * Starts it.
     *
     * @throws IOException when name spaces cannot be made: not root, or not Linux
     */
    public static LockHost start(Path script, Path folder)
            throws IOException, InterruptedException {
        Child holder =
                Child.start(
                        "lockhost",
                        folder,
                        List.of(
                                "unshare",
                                "-m",
                                "-n",
                                "-p",
                                "-f",
                                "--kill-child",
                                "--mount-proc",
                                "--propagation",
                                "private",
                                "bash",
                                script.toString(),
                                folder.resolve("lockhost").toString(),
                                Integer.toString(MOUNT_PORT),
                                Integer.toString(NFS_PORT),
                                Integer.toString(GANESHA_PORT),
                                Integer.toString(STATD_PORT)));
        return new LockHost(holder, holder.onlyChild());
    }

    /** Whether ganesha runs there. */
    public boolean hasGanesha() {
        return holder.greeting().contains("ganesha");
    }

    /** Whether rpc.statd runs there. */
    public boolean hasStatd() {
        return holder.greeting().contains("statd");
    }

    /** Command that runs another in the host's network. */
    public List<String> enter() {
        return List.of("nsenter", "-t", Long.toString(pid), "-n");
    }

    /** Command that runs another in the client host's network. */
    public List<String> enterClient() {
        // Through the other's root, since its own mounts are not ours.
        return List.of("nsenter", "--net=/proc/" + pid + "/root/run/netns/client");
    }

    /** Makes a file on ganesha's file system and returns its handle in hexadecimal digits. */
    public String newFile(Path nfsfile, String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(enter());
        command.addAll(
                List.of(
                        nfsfile.toString(),
                        "127.0.0.1",
                        Integer.toString(MOUNT_PORT),
                        Integer.toString(NFS_PORT),
                        "/export",
                        name));
        return Commands.run(command);
    }

    @Override
    public void close() {
        holder.close();
    }
}
