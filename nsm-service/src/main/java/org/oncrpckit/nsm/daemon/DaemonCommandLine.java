package org.oncrpckit.nsm.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.oncrpckit.rpc.server.host.Teardown;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A daemon's life from its command line to its exit status: options, a file with further ones, one
 * line for what is wrong with them, and a clean end on a signal.
 */
public final class DaemonCommandLine {
    private final CommandLine command;
    private Optional<ConfigFile> config = Optional.empty();

    /** What the command line has of its own, by the longest names. */
    private Set<String> given = Set.of();

    private DaemonCommandLine(Callable<Integer> daemon) {
        command =
                new CommandLine(daemon)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setParameterExceptionHandler((wrong, words) -> wrongUsage(wrong));
    }

    /**
     * Runs a daemon: a command of picocli's with a group of {@link StateOptions}.
     *
     * @return its exit status
     */
    public static int run(Callable<Integer> daemon, String... arguments) {
        return new DaemonCommandLine(daemon).run(arguments);
    }

    private int run(String... arguments) {
        try {
            ParseResult parsed = command.parseArgs(arguments);
            Path file = parsed.matchedOptionValue(StateOptions.CONFIG, (Path) null);
            if (file == null || parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
                return command.execute(arguments);
            }
            given =
                    parsed.matchedOptions().stream()
                            .map(OptionSpec::longestName)
                            .collect(Collectors.toSet());
            config = Optional.of(ConfigFile.read(file, command.getCommandSpec()));
        } catch (ParameterException e) {
            return wrongUsage(e);
        } catch (ConfigFile.BadConfigException e) {
            System.err.println(command.getCommandName() + ": " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        List<String> words = new ArrayList<>(config.orElseThrow().words(given));
        words.addAll(Arrays.asList(arguments));
        return command.execute(words.toArray(String[]::new));
    }

    private int wrongUsage(ParameterException wrong) {
        String name = command.getCommandName();
        Optional<String> place =
                wrong.getArgSpec() instanceof OptionSpec option
                        ? place(option.longestName())
                        : Optional.empty();
        System.err.println(
                name
                        + ": "
                        + place.map(text -> text + ": ").orElse("")
                        + wrong.getMessage()
                        + "; see "
                        + name
                        + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    /** Where in the file an option stands; empty when it is not from there. */
    private Optional<String> place(String option) {
        return given.contains(option)
                ? Optional.empty()
                : config.flatMap(read -> read.place(option));
    }

    /** Lets SIGTERM and SIGINT close everything and end the process with status 0. */
    public static void endOnSignal(CommandSpec daemon, Teardown teardown) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(teardown), daemon.name() + "-shutdown"));
    }

    /** The exit status of a process that a signal ends is the signal's, unless halted here. */
    private static void end(Teardown teardown) {
        teardown.close();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Wrong usage of an option: one line, which says where the option stands, and status 2. */
    public static ParameterException wrong(CommandSpec command, String option, String message) {
        OptionSpec spec = command.findOption(option);
        return new ParameterException(command.commandLine(), message, null, spec, "");
    }

    /**
     * Refuses numbers that are out of range.
     *
     * @param command whose options they are
     */
    public record Ranges(CommandSpec command) {
        /**
         * Refuses a number.
         *
         * @throws ParameterException when it is less than the least or more than the greatest
         */
        public void check(String option, long min, long value, long max) {
            if (value < min || value > max) {
                String expected = max == Long.MAX_VALUE ? " or more" : " to " + max;
                throw wrong(
                        command,
                        option,
                        option + " " + value + " (expected: " + min + expected + ")");
            }
        }
    }
}
