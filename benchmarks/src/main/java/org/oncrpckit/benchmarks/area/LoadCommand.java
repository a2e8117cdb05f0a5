package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.oncrpckit.benchmarks.process.Commands;
import org.oncrpckit.benchmarks.result.Sample;

/**
 * A command line of a load generator, extended step by step. Immutable.
 *
 * @param words the command and its options so far
 */
record LoadCommand(List<String> words) {
    LoadCommand {
        words = List.copyOf(words);
    }

    static LoadCommand of(Path program) {
        return new LoadCommand(List.of(program.toString()));
    }

    /** The same, started by another command, such as one that enters a name space. */
    LoadCommand within(List<String> prefix) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return new LoadCommand(all);
    }

    LoadCommand with(String option, Object value) {
        List<String> all = new ArrayList<>(words);
        all.add(option);
        all.add(value.toString());
        return new LoadCommand(all);
    }

    /** Runs it for so long. */
    Sample run(double seconds) throws IOException, InterruptedException {
        return with("--seconds", String.format(Locale.ROOT, "%.2f", seconds)).run();
    }

    /** Runs it to its end. */
    Sample run() throws IOException, InterruptedException {
        return Sample.parse(Commands.run(words));
    }
}
