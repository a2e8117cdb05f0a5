package org.oncrpckit.nsm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options from a file and from the command line, and what is said of wrong ones. */
class DaemonCommandLineTest {
    @TempDir private Path folder;
    private Path file = Path.of("");
    private final TestDaemon daemon = new TestDaemon();
    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** A daemon that ends at once. */
    @Command(name = "testd", mixinStandardHelpOptions = true)
    private static final class TestDaemon implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();

        @ArgGroup(validate = false)
        private Network network = new Network();

        @ArgGroup(validate = false)
        private StateOptions state = new StateOptions();

        @Option(names = "--name")
        private List<String> names = List.of();

        private boolean ran;

        @Override
        public Integer call() {
            network.check(new DaemonCommandLine.Ranges(spec));
            ran = true;
            return 0;
        }
    }

    private static final class Network extends NetworkOptions {
        @Option(names = "--port")
        private int port;

        Network() {}

        @Override
        public void check(DaemonCommandLine.Ranges ranges) {
            super.check(ranges);
            checkPort(ranges, "--port", port);
        }
    }

    @BeforeEach
    void listenToStderr() {
        file = folder.resolve("testd.toml");
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveStderrBack() {
        System.setErr(stderr);
    }

    @Test
    void whatTheFileSaysHolds() throws Exception {
        write(
                "# A comment.",
                "listen = ['127.0.0.1', \"::1\"]",
                "port = 4045",
                "rpcbind = 'Embedded'",
                "state-dir = '/srv/state'",
                "name = ['a=1,2', 'b=3,4']");
        assertThat(run()).isZero();
        assertThat(daemon.ran).isTrue();
        assertThat(daemon.network.listen().among(List.of()))
                .extracting(each -> each.getHostAddress())
                .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(daemon.network.port).isEqualTo(4045);
        assertThat(daemon.network.rpcbind()).isEqualTo(RpcbindMode.EMBEDDED);
        assertThat(daemon.state.stateFolder("testd")).isEqualTo(Path.of("/srv/state"));
        assertThat(daemon.names).containsExactly("a=1,2", "b=3,4");
    }

    @Test
    void theCommandLineWinsOptionByOption() throws IOException {
        write("port = 4045", "name = ['of', 'the file']", "rpcbind = 'none'");
        assertThat(run("--port", "1", "--name", "of the line")).isZero();
        assertThat(daemon.network.port).isEqualTo(1);
        assertThat(daemon.names).containsExactly("of the line");
        assertThat(daemon.network.rpcbind()).isEqualTo(RpcbindMode.NONE);
    }

    @Test
    void anEmptyFileChangesNothing() throws IOException {
        write("");
        assertThat(run()).isZero();
        assertThat(daemon.network.rpcbind()).isEqualTo(RpcbindMode.AUTO);
        assertThat(daemon.state.stateFolder("testd")).isEqualTo(StateFolder.byDefault("testd"));
    }

    @Test
    void helpDoesNotReadTheFile() {
        assertThat(DaemonCommandLine.run(daemon, "--config", "/no/such/file", "--help")).isZero();
        assertThat(daemon.ran).isFalse();
    }

    @Test
    void unknownKeysAreNamedWithTheirLineAndWhatIsKnown() throws IOException {
        write("", "prot = 1");
        refused(2, "there is no option --prot", "address-interval, listen, name, port");
        write("[limits]", "locks = 1");
        refused(1, "there is no table [limits]");
        write("port = 1", "config = 'other'");
        refused(2, "for the command line only");
    }

    @Test
    void wrongTypesAreNamedWithTheirLine() throws IOException {
        write("port = '1'");
        refused(1, "port must be a number, as in port = 1");
        write("port = 1.5");
        refused(1, "port must be a number");
        write("", "", "rpcbind = true");
        refused(3, "rpcbind must be a string in quotes");
        write("rpcbind = ['none']");
        refused(1, "rpcbind must be a string in quotes");
        write("", "name = [", " 'a',", " 1 ]");
        refused(2, "name must be a string in quotes, or an array of them");
    }

    @Test
    void wrongValuesAreNamedWithTheirLine() throws IOException {
        write("", "port = 70000");
        refused(2, "--port 70000 (expected: 0 to 65535)");
        write("port = 1", "rpcbind = 'pigeon'");
        refused(2, "'--rpcbind'", "pigeon");
        write("port = 99999999999");
        refused(1, "'--port'", "99999999999");
    }

    @Test
    void aWrongValueOfTheCommandLineIsNotBlamedOnTheFile() throws IOException {
        write("port = 1");
        assertThat(run("--port", "70000")).isEqualTo(2);
        assertThat(said()).startsWith("testd: --port 70000 (expected: 0 to 65535)");
    }

    @Test
    void bytesThatAreNoTomlAreNamedWithTheirLine() throws IOException {
        write("port = 1", "listen = ");
        refused(2, "Unexpected end of line");
        write("port = 1", "port = 2");
        refused(2, "port");
        write("\"a\\nb\" = 2");
        refused(1, "there is no option --a b");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        assertThat(run()).isEqualTo(2);
        assertThat(said())
                .isEqualTo(
                        "testd: " + file + ": no such file; name one that is there with --config");
        said.reset();
        Files.createDirectory(file);
        assertThat(run()).isEqualTo(2);
        assertThat(said()).contains(file.toString()).contains("cannot be read");
        said.reset();
        Files.delete(file);
        Files.write(file, new byte[(int) ConfigFile.BYTES_MAX + 1]);
        assertThat(run()).isEqualTo(2);
        assertThat(said()).contains("longer than 1048576 bytes");
    }

    private void refused(int line, String... words) {
        said.reset();
        assertThat(run()).isEqualTo(2);
        assertThat(said().lines()).hasSize(1);
        assertThat(said()).startsWith("testd: " + file + ":" + line + ": ").contains(words);
        assertThat(daemon.ran).isFalse();
    }

    private int run(String... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = "--config";
        words[1] = file.toString();
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return DaemonCommandLine.run(daemon, words);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }
}
