package org.oncrpckit.nlm.ctl;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.LocalLockReply;
import org.oncrpckit.nlm.admin.LocalLockReply.Outcome;
import org.oncrpckit.nlm.admin.LocalLockRequest;
import org.oncrpckit.rpc.client.RpcException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code nlmctl lock}: runs a command under a lock, in one queue with remote clients. */
@Command(
        name = "lock",
        description = "Runs a command while a range of a file is locked, as flock(1) does.")
final class LockCommand extends DaemonCommand {
    /** Exit status: the lock was not granted. */
    static final int NOT_GRANTED = 75;

    /** Exit status: there is no such command, as a shell says it. */
    private static final int NO_COMMAND = 127;

    /** As good as for ever: 2^31 seconds. */
    private static final String FOR_EVER = "2147483648";

    /** How often the daemon is told that we are still there. */
    private static final long KEEP_ALIVE_SECONDS = 20;

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

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "SECONDS",
            fallbackValue = FOR_EVER,
            converter = WaitSeconds.class,
            description =
                    "Queue behind a conflicting lock, for ever or so many seconds (default: fail at"
                            + " once).")
    private long wait;

    @Parameters(
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "What to run, with its arguments, behind '--'.")
    private List<String> command = List.of();

    @Override
    void check() {
        request();
    }

    private LocalLockRequest request() {
        ByteRange bytes = ByteRange.parse(this, range);
        long pid = ProcessHandle.current().pid();
        String label = System.getProperty("user.name") + " pid " + pid;
        boolean queued = wait > 0;
        try {
            return new LocalLockRequest(
                    FileName.parse(file),
                    bytes.first(),
                    bytes.last(),
                    !shared,
                    queued,
                    label,
                    (int) pid);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    @Override
    int run(AdminClient daemon) throws RpcException, InterruptedException {
        LocalLockRequest request = request();
        LocalLockReply reply = awaitGrant(daemon, daemon.lock(request));
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
            return NO_COMMAND;
        }
        endWith(process);
        boolean lost = false;
        while (!process.waitFor(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)) {
            lost = lost || isLost(daemon, reply.token());
        }
        unlock(daemon, reply.token());
        return process.exitValue();
    }

    /** Waits for its turn; what is too late is taken back, granted meanwhile or not. */
    private LocalLockReply awaitGrant(AdminClient daemon, LocalLockReply first)
            throws RpcException, InterruptedException {
        long began = System.nanoTime();
        LocalLockReply reply = first;
        while (reply.outcome() == Outcome.WAITING) {
            Duration left =
                    Duration.ofSeconds(wait).minus(Duration.ofNanos(System.nanoTime() - began));
            if (left.isNegative() || left.isZero()) {
                daemon.unlock(reply.token());
                return new LocalLockReply(
                        Outcome.ENDED, 0, "it was not granted within " + wait + " s");
            }
            reply = daemon.await(reply.token(), left);
        }
        return reply;
    }

    /** Tells the daemon that we are still there; it may not be, or be another one. */
    private static boolean isLost(AdminClient daemon, long token) throws InterruptedException {
        try {
            if (daemon.await(token).outcome() == Outcome.GRANTED) {
                return false;
            }
            System.err.println("nlmctl: warning: the daemon has restarted, the lock is lost");
            return true;
        } catch (RpcException e) {
            System.err.println("nlmctl: warning: the lock may be lost: " + e.getMessage());
            return false;
        }
    }

    /** The command has ended, and its exit status is ours, whatever the daemon does. */
    private static void unlock(AdminClient daemon, long token) throws InterruptedException {
        try {
            daemon.unlock(token);
        } catch (RpcException e) {
            System.err.println(
                    "nlmctl: warning: the lock went before the command ended: " + e.getMessage());
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

    /** The argument of {@code --wait}; a command without '--' before it is a likely mistake. */
    static final class WaitSeconds implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                long seconds = Long.parseUnsignedLong(text);
                return Math.min(seconds, Long.parseLong(FOR_EVER));
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no number of seconds; put -- before COMMAND");
            }
        }
    }
}
