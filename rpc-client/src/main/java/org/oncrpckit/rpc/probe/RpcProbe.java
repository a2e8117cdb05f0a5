package org.oncrpckit.rpc.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Entry point of {@code rpcprobe}. */
@Command(
        name = "rpcprobe",
        description = "Asks any ONC RPC server what it serves, whether it answers, and how fast.",
        mixinStandardHelpOptions = true,
        versionProvider = RpcProbe.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:everything that was asked was answered",
            " 1:a server answered that it has not what was asked for, or pings were lost",
            " 2:wrong usage",
            "68:the host name has no address (of the wanted family)",
            "69:nobody answered",
            "70:a defect of rpcprobe"
        })
public final class RpcProbe {
    private RpcProbe() {}

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(
                run(
                        ProgramNames.with(ProgramNames.SYSTEM_TABLE),
                        new PrintWriter(System.out, true, UTF_8),
                        new PrintWriter(System.err, true, UTF_8),
                        arguments));
    }

    /** Runs the program with this table of names and these outputs. */
    static int run(ProgramNames names, PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(names)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(RpcProbe::wrongUsage)
                .setExecutionExceptionHandler(RpcProbe::defect)
                .execute(arguments);
    }

    /** The command with all that belongs to it, for whoever describes it. */
    public static CommandLine commandLine() {
        return commandLine(ProgramNames.with(ProgramNames.SYSTEM_TABLE));
    }

    private static CommandLine commandLine(ProgramNames names) {
        return new CommandLine(new RpcProbe())
                .addSubcommand(new ListCommand(names))
                .addSubcommand(new PingCommand())
                .addSubcommand(new VersionsCommand())
                .addSubcommand(new BroadcastCommand(names))
                .registerConverter(ProgramArgument.class, new ProgramArgument.Converter(names))
                .registerConverter(TransportArgument.class, new TransportArgument.Converter());
    }

    private static int wrongUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .printf(
                        "rpcprobe: %s; try '%s --help'%n",
                        Printed.plain(String.valueOf(failure.getMessage())),
                        command.getCommandSpec().qualifiedName());
        return ExitStatus.USAGE;
    }

    private static int defect(Exception failure, CommandLine command, ParseResult parsed) {
        command.getErr().println("rpcprobe: unexpected: " + Printed.plain(failure.toString()));
        return ExitStatus.DEFECT;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RpcProbe.class.getPackage().getImplementationVersion();
            return new String[] {"oncrpc-kit " + (version == null ? "(not packaged)" : version)};
        }
    }
}
