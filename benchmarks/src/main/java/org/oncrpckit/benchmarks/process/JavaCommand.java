package org.oncrpckit.benchmarks.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the Java programs under test are started: all with the same class path, heap and collector.
 */
public final class JavaCommand {
    /** The collector of bin/nlmd. */
    public static final String COLLECTOR = "-XX:+UseSerialGC";

    private JavaCommand() {}

    /** The command line of a main class of this module. */
    public static List<String> of(Class<?> main, Object... arguments) {
        return withHeap("256m", main, arguments);
    }

    /** The same with another size of the heap, such as {@code 2g}. */
    public static List<String> withHeap(String heap, Class<?> main, Object... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms" + heap,
                                "-Xmx" + heap,
                                COLLECTOR,
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }
}
