package org.oncrpckit.nlm.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.admin.AdminProgram;
import org.oncrpckit.nlm.admin.ClientProbe;
import org.oncrpckit.nlm.admin.ControlAccess;
import org.oncrpckit.nlm.admin.NlmdStateFolder;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;
import picocli.CommandLine;

/** What {@code nlmctl} says and returns when the daemon is another one, or goes away. */
class DaemonCommandTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What AdminProtocol has; a test of compatibility does not ask the code that it tests. */
    private static final int ADMIN_PROGRAM = 0x2000_4e4c;

    @TempDir private Path folder;

    private final SocketPlatform sockets = SocketPlatform.open();
    private final RpcPlatform platform = sockets.platform();
    private final RpcClient client = RpcClient.builder(platform).build();
    private final PrintStream realErrors = System.err;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeEach
    void readErrors() {
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        System.setErr(realErrors);
        client.close();
        sockets.close();
    }

    /** A control program of the same number that has none of our procedures. */
    private static RpcProgram.Builder other() {
        Procedure<Nothing, Nothing> unknown =
                new Procedure<>(
                        new ProgramVersion(ADMIN_PROGRAM, 1),
                        99,
                        "UNKNOWN",
                        XdrCodecs.VOID,
                        XdrCodecs.VOID);
        return RpcProgram.builder(ADMIN_PROGRAM, "other")
                .procedure(unknown, (call, nothing) -> Nothing.NOTHING);
    }

    private RpcServer serve(RpcProgram program) throws IOException {
        RpcServer server = RpcServer.builder(platform).program(program).build();
        server.listen(UnixDomainSocketAddress.of(NlmdStateFolder.controlSocket(folder)));
        return server;
    }

    private int run(Object command, String... arguments) {
        CommandLine line = new CommandLine(command);
        String[] all = new String[arguments.length + 2];
        all[0] = "--state-dir";
        all[1] = folder.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return line.execute(all);
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    @Test
    void daemonOfAnotherVersionIsNotTakenForOneOfAnotherUser() throws IOException {
        serve(other().build());
        assertThat(run(new StatusCommand())).isEqualTo(DaemonCommand.OTHER_VERSION);
        assertThat(errors()).contains("PROC_UNAVAIL").doesNotContain("sudo");
    }

    @Test
    void daemonOfAnotherUserIsNamedAsSuch() throws IOException {
        serve(other().access((header, peer, transport) -> AccessRule.Decision.REFUSE).build());
        assertThat(run(new StatusCommand())).isEqualTo(DaemonCommand.NOT_PERMITTED);
        assertThat(errors()).contains("sudo");
    }

    @Test
    void withoutADaemonTheSocketIsNamed() {
        assertThat(run(new StatusCommand())).isEqualTo(DaemonCommand.UNAVAILABLE);
        assertThat(errors()).contains(NlmdStateFolder.controlSocket(folder).toString());
    }

    @Test
    void commandsExitStatusCountsAlsoWhenTheDaemonHasGone() throws Exception {
        RpcServer daemon = serve(locks());
        Path started = folder.resolve("started");
        Path gate = Files.createFile(folder.resolve("gate"));
        String script =
                "touch '%s'; while [ -e '%s' ]; do sleep 0.05; done; exit 7"
                        .formatted(started, gate);
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(
                        () -> run(new LockCommand(), "--file", "x", "--", "/bin/sh", "-c", script));
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(started));
        daemon.close();
        Files.delete(gate);
        assertThat(status)
                .succeedsWithin(PATIENCE)
                .as("status of the command, not of nlmctl")
                .isEqualTo(7);
        assertThat(errors()).contains("the lock went before the command ended");
    }

    private RpcProgram locks() throws IOException {
        RpcbindClient rpcbind = new RpcbindClient(client);
        NsmService nsm = NsmService.builder(platform, client, rpcbind).open(new MemoryNsmStore());
        NlmService locks =
                NlmService.builder(platform, client, rpcbind, StatusMonitor.of(nsm)).build();
        return new AdminProgram(
                        platform.timers(),
                        locks,
                        ControlAccess.ofOwner(folder),
                        () -> {
                            throw new IllegalStateException("not asked");
                        },
                        new ClientProbe(client, rpcbind, locks, platform.timers()))
                .table();
    }
}
