package org.oncrpckit.nsm.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options of a command in a TOML file. A key is an option's long name without its dashes; numbers
 * are TOML integers, everything else is a string, and an option that takes several values takes an
 * array of them. Immutable.
 */
final class ConfigFile {
    /** A file that is longer is not one of ours. */
    static final long BYTES_MAX = 1 << 20;

    /** Options that make no sense in a file. */
    private static final Set<String> ON_COMMAND_LINE_ONLY = Set.of("config", "help", "version");

    private final Path file;
    private final Map<String, Entry> entries;

    private ConfigFile(Path file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * What the file says of an option.
     *
     * @param line where, from 1
     * @param values as texts, in the order in which they stand there
     */
    private record Entry(int line, List<String> values) {}

    /** A file that cannot be used; the message begins with its name, and the line where known. */
    static final class BadConfigException extends Exception {
        private static final long serialVersionUID = 1;

        BadConfigException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Reads it.
     *
     * @param command whose options may stand in it
     */
    static ConfigFile read(Path file, CommandSpec command) throws BadConfigException {
        TomlParseResult toml = parse(file);
        if (toml.hasErrors()) {
            TomlParseError first = toml.errors().get(0);
            throw bad(file, first.position(), first.getMessage(), first);
        }
        Map<String, OptionSpec> options = options(command);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String key : toml.keySet()) {
            List<String> path = List.of(key);
            TomlPosition at = toml.inputPositionOf(path);
            OptionSpec option = options.get(key);
            if (option == null) {
                throw bad(file, at, unknown(key, toml.get(path), options.keySet()), null);
            }
            entries.put(
                    option.longestName(),
                    new Entry(at.line(), values(file, at, key, option, toml.get(path))));
        }
        return new ConfigFile(file, entries);
    }

    private static TomlParseResult parse(Path file) throws BadConfigException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new BadConfigException(
                        file + ": longer than " + BYTES_MAX + " bytes: no file of options", null);
            }
            return Toml.parse(file);
        } catch (NoSuchFileException e) {
            throw new BadConfigException(
                    file + ": no such file; name one that is there with --config", e);
        } catch (AccessDeniedException e) {
            throw new BadConfigException(
                    file + ": not readable for user " + System.getProperty("user.name"), e);
        } catch (IOException e) {
            throw new BadConfigException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, OptionSpec> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !ON_COMMAND_LINE_ONLY.contains(key(option)))
                .collect(Collectors.toMap(ConfigFile::key, option -> option));
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }

    private static String unknown(String key, @Nullable Object value, Set<String> known) {
        if (ON_COMMAND_LINE_ONLY.contains(key)) {
            return "--" + key + " is for the command line only: take it out";
        }
        String what = value instanceof TomlTable ? "no table [" + key + "]" : "no option --" + key;
        return "there is " + what + "; known are " + String.join(", ", new TreeSet<>(known));
    }

    private static List<String> values(
            Path file, TomlPosition at, String key, OptionSpec option, @Nullable Object value)
            throws BadConfigException {
        if (!option.isMultiValue() || !(value instanceof TomlArray array)) {
            return List.of(text(file, at, key, option, value));
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(text(file, at, key, option, array.get(i)));
        }
        return texts;
    }

    private static String text(
            Path file, TomlPosition at, String key, OptionSpec option, @Nullable Object value)
            throws BadConfigException {
        boolean number = isNumber(option);
        if (number ? value instanceof Long : value instanceof String) {
            return String.valueOf(value);
        }
        String expected = number ? "a number, as in " + key + " = 1" : "a string in quotes";
        if (option.isMultiValue()) {
            expected += ", or an array of them";
        }
        throw bad(file, at, key + " must be " + expected, null);
    }

    private static boolean isNumber(OptionSpec option) {
        Class<?> type = option.typeInfo().getType();
        return type == int.class || type == long.class;
    }

    private static BadConfigException bad(
            Path file, @Nullable TomlPosition at, @Nullable String why, @Nullable Throwable cause) {
        String line = at == null ? "" : ":" + at.line();
        // Keys of the file are in it, and it has to be one line.
        String oneLine = String.valueOf(why).replaceAll("\\p{Cntrl}+", " ");
        return new BadConfigException(file + line + ": " + oneLine, cause);
    }

    /**
     * The options as words of a command line.
     *
     * @param except options that are not wanted, by their longest names
     */
    List<String> words(Set<String> except) {
        List<String> words = new ArrayList<>();
        entries.forEach(
                (option, entry) -> {
                    if (!except.contains(option)) {
                        entry.values().forEach(value -> words.add(option + "=" + value));
                    }
                });
        return words;
    }

    /** The file and the line of an option, as people write it; empty when it is not in there. */
    Optional<String> place(String option) {
        return Optional.ofNullable(entries.get(option)).map(entry -> file + ":" + entry.line());
    }
}
