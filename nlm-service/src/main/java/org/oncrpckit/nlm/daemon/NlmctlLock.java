package org.oncrpckit.nlm.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.LocalLockReply;
import org.oncrpckit.nlm.admin.LocalLockReply.Outcome;
import org.oncrpckit.nlm.admin.LocalLockRequest;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.xdr.Opaque;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nlmctl lock}: runs a command under a lock, in one queue with remote clients. */
@Command(
        name = "lock",
        description = "Runs a command while a range of a file is locked, as flock(1) does.")
final class NlmctlLock extends NlmctlCommand {
    /** Exit status: the lock was not granted. */
    static final int NOT_GRANTED = 75;

    /** How often the daemon is told that we are still there. */
    private static final long KEEP_ALIVE_SECONDS = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--file",
            required = true,
            paramLabel = "NAME",
            description =
                    "Any name, or 0x and hexadecimal: an NFS file handle as 'nlmctl locks'"
                            + " prints it.")
    private String file = "";

    @Option(
            names = "--range",
            paramLabel = "A:B",
            description = "First and last byte; 'A:' to the end of the file (default: 0:).")
    private String range = "0:";

    @Option(names = "--shared", description = "Lock shared (default: exclusive).")
    private boolean shared;

    @Option(names = "--wait", description = "Queue behind a conflicting lock (default: fail).")
    private boolean wait;

    @Parameters(
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "What to run, with its arguments, behind '--'.")
    private List<String> command = List.of();

    private LocalLockRequest request() {
        String[] ends = range.split(":", -1);
        if (ends.length != 2) {
            throw usage("--range " + range + ": give A:B or A:");
        }
        try {
            long first = Long.parseUnsignedLong(ends[0]);
            long last = ends[1].isEmpty() ? -1 : Long.parseUnsignedLong(ends[1]);
            if (Long.compareUnsigned(first, last) > 0) {
                throw usage("--range " + range + ": the last byte comes before the first");
            }
            long pid = ProcessHandle.current().pid();
            String label = System.getProperty("user.name") + " pid " + pid;
            return new LocalLockRequest(fileBytes(), first, last, !shared, wait, label, (int) pid);
        } catch (NumberFormatException e) {
            throw usage("--range " + range + ": A and B are numbers from 0 to 2^64-1");
        }
    }

    private Opaque fileBytes() {
        byte[] bytes;
        if (file.startsWith("0x")) {
            try {
                bytes = HexFormat.of().parseHex(file.substring(2));
            } catch (IllegalArgumentException e) {
                throw usage("--file " + file + ": not hexadecimal");
            }
        } else {
            bytes = file.getBytes(StandardCharsets.UTF_8);
        }
        if (bytes.length == 0 || bytes.length > LocalLockRequest.FILE_BYTES_MAX) {
            throw usage(
                    "--file has "
                            + bytes.length
                            + " bytes (expected: 1 to "
                            + LocalLockRequest.FILE_BYTES_MAX
                            + ")");
        }
        return Opaque.copyOf(bytes);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        LocalLockRequest request = request();
        LocalLockReply reply = daemon.lock(request);
        while (reply.outcome() == Outcome.WAITING) {
            reply = daemon.await(reply.token());
        }
        if (reply.outcome() != Outcome.GRANTED) {
            System.err.println(
                    "nlmctl: "
                            + request.label()
                            + " does not get "
                            + file
                            + " "
                            + range
                            + ": "
                            + reply.detail());
            return NOT_GRANTED;
        }
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            System.err.println("nlmctl: " + e.getMessage());
            return 127;
        }
        endWith(process);
        while (!process.waitFor(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)) {
            keepAlive(daemon, reply.token());
        }
        daemon.unlock(reply.token());
        return process.exitValue();
    }

    private static void keepAlive(AdminClient daemon, long token) throws InterruptedException {
        try {
            if (daemon.await(token).outcome() != Outcome.GRANTED) {
                System.err.println("nlmctl: warning: the daemon has restarted, the lock is lost");
            }
        } catch (RpcException e) {
            System.err.println("nlmctl: warning: the lock may be lost: " + e.getMessage());
        }
    }

    /** A signal to us reaches the command, and the lock stays until the command has ended. */
    private static void endWith(Process process) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    process.destroy();
                                    try {
                                        process.waitFor();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "end-command"));
    }
}
