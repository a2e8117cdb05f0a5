package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.ctl.Nlmctl;
import org.oncrpckit.nlm.daemon.Nlmd;
import org.oncrpckit.nsm.daemon.Nsmd;
import org.oncrpckit.rpc.probe.RpcProbe;
import picocli.CommandLine;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code docs/operating.md} has the options of every command as {@code --help} has them, and every
 * message that is logged. With {@code -Doptions=write} the test writes the tables of options.
 */
class OperatingPageTest {
    private static final Path PAGE = Sources.document("operating.md");
    private static final Pattern TABLES =
            Pattern.compile("<!-- options (\\w+) -->\n(.*?)<!-- end -->\n", Pattern.DOTALL);
    private static final Map<String, CommandLine> COMMANDS =
            Map.of(
                    "nlmd", new CommandLine(Nlmd.class),
                    "nsmd", new CommandLine(Nsmd.class),
                    "nlmctl", new CommandLine(Nlmctl.class),
                    "rpcprobe", RpcProbe.commandLine());
    private static final Set<String> EVERYBODYS = Set.of("--help", "--version");
    private static final Pattern LOGGED =
            Pattern.compile(
                    "(?:\\b[A-Z][A-Z_]*\\s*\\.|(?=\\bwarn\\(Kind\\.))"
                            + "(info|warn|error)\\((?:Kind\\.[A-Z_]+,)?\\s*"
                            + "((?:\"(?:[^\"\\\\]|\\\\.)*\"[\\s+]*)+)");

    @Test
    void optionsAreThoseOfTheCommands() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> found = new TreeSet<>();
        StringBuilder renewed = new StringBuilder();
        Matcher matcher = TABLES.matcher(page);
        while (matcher.find()) {
            String name = matcher.group(1);
            found.add(name);
            matcher.appendReplacement(
                    renewed,
                    Matcher.quoteReplacement(
                            "<!-- options " + name + " -->\n" + tables(name) + "<!-- end -->\n"));
        }
        matcher.appendTail(renewed);
        assertThat(found).isEqualTo(COMMANDS.keySet());
        if ("write".equals(System.getProperty("options"))) {
            Files.writeString(PAGE, renewed);
        } else {
            assertThat(page).as("run this test with -Doptions=write").isEqualTo(renewed.toString());
        }
    }

    private static String tables(String command) {
        CommandSpec spec = COMMANDS.get(command).getCommandSpec();
        StringBuilder tables = new StringBuilder();
        if (spec.subcommands().isEmpty()) {
            for (ArgGroupSpec group : spec.argGroups()) {
                tables.append("\n| ").append(group.heading().replaceAll("%n|:", ""));
                tables.append(" | |\n|---|---|\n");
                group.options().forEach(it -> tables.append(row(spec, it)).append(" |\n"));
            }
        } else {
            tables.append("\n| option | of | meaning |\n|---|---|---|\n");
            byOption(spec)
                    .forEach(
                            (row, commands) -> {
                                String[] cells = row.split(" \\| ", 2);
                                String of = "`" + String.join("`, `", commands) + "`";
                                tables.append(cells[0]).append(" | ").append(of).append(" | ");
                                tables.append(cells[1]).append(" |\n");
                            });
        }
        assertThat(tables).as("options of %s", command).contains("| `--");
        return tables.append('\n').toString();
    }

    private static Map<String, List<String>> byOption(CommandSpec command) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        command.subcommands()
                .forEach(
                        (name, sub) -> {
                            for (OptionSpec option : sub.getCommandSpec().options()) {
                                if (!EVERYBODYS.contains(option.longestName())) {
                                    commands.computeIfAbsent(
                                                    row(command, option), row -> new ArrayList<>())
                                            .add(name);
                                }
                            }
                        });
        return commands;
    }

    private static String row(CommandSpec command, OptionSpec option) {
        String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        String text =
                String.join(" ", option.description())
                        .replace("${COMMAND-NAME}", command.name())
                        .replace("${DEFAULT-VALUE}", option.defaultValueString())
                        .replace("%%", "%");
        // Where the command shows defaults by itself, its texts do not name them.
        if (option.command().usageMessage().showDefaultValues()
                && option.showDefaultValue() != Visibility.NEVER
                && option.defaultValue() != null) {
            text += " Default: " + option.defaultValue() + ".";
        }
        return "| `"
                + (option.longestName() + label).replace("|", "\\|")
                + "` | "
                + text.replace("|", "\\|");
    }

    /** Names that end in a dot go on with what is counted. */
    @Test
    void countersAreThoseOfTheCode() throws IOException {
        Path report =
                Sources.java("src/main").stream()
                        .filter(file -> file.endsWith("daemon/StatusReport.java"))
                        .findFirst()
                        .orElseThrow();
        Set<String> names = new TreeSet<>();
        Matcher counters =
                Pattern.compile("all\\.put\\(\\s*\"([^\"]+)\"").matcher(Files.readString(report));
        while (counters.find()) {
            names.add(counters.group(1));
        }
        assertThat(names).hasSizeGreaterThan(15);
        Set<String> documented = documentedCounters(Files.readString(PAGE));
        assertThat(names)
                .allSatisfy(
                        name ->
                                assertThat(documented)
                                        .anyMatch(
                                                each ->
                                                        each.startsWith(name)
                                                                || (each.endsWith("*")
                                                                        && name.startsWith(
                                                                                each.substring(
                                                                                        0,
                                                                                        each
                                                                                                        .length()
                                                                                                - 1)))));
    }

    /**
     * As in the table; one that begins with a dot goes on with the one before, or replaces its end.
     */
    private static Set<String> documentedCounters(String page) {
        String table = page.substring(page.indexOf("| counter | counts |"));
        Set<String> names = new TreeSet<>();
        for (String row : table.substring(0, table.indexOf("\n\n")).lines().toList()) {
            String cell = row.substring(0, row.indexOf('|', 1));
            String before = "";
            Matcher each = Pattern.compile("`([^`]+)`").matcher(cell);
            while (each.find()) {
                String name = each.group(1);
                if (name.startsWith(".")) {
                    names.add(before + name);
                    names.add(before.replaceFirst("\\.[^.]*$", name));
                } else {
                    names.add(name);
                    before = name;
                }
            }
        }
        return names;
    }

    @Test
    void messagesAreThoseOfTheCode() throws IOException {
        Set<String> messages = new TreeSet<>();
        for (Path file : Sources.java("src/main")) {
            if (!file.toString().contains("/simulation/")) {
                messages.addAll(messages(Files.readString(file)));
            }
        }
        String page = Files.readString(PAGE);
        assertThat(messages).hasSizeGreaterThan(30);
        assertThat(messages).allSatisfy(message -> assertThat(page).contains(message));
        Set<String> documented = new TreeSet<>();
        Matcher rows = Pattern.compile("\\| (`[^`]+` \\| (?:INFO|WARN|ERROR)) \\|").matcher(page);
        while (rows.find()) {
            documented.add(rows.group(1));
        }
        assertThat(messages).containsAll(documented);
    }

    private static List<String> messages(String source) {
        List<String> messages = new ArrayList<>();
        Matcher matcher = LOGGED.matcher(source);
        while (matcher.find()) {
            String text = matcher.group(2).replaceAll("\"[\\s+]*\"", "").strip();
            String message = text.substring(1, text.lastIndexOf('"')).replace("{}", "…");
            if (message.matches(".*[a-z]{2}.*")) {
                messages.add("`" + message + "` | " + matcher.group(1).toUpperCase(Locale.ROOT));
            }
        }
        return messages;
    }
}
