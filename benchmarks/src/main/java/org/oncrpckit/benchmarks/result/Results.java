package org.oncrpckit.benchmarks.result;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The results as a list of objects in a JSON file. */
public final class Results {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();
    private static final TypeToken<List<Figure>> FIGURES = new TypeToken<>() {};

    private Results() {}

    /** Those of an earlier run; none when there is no such file. */
    public static List<Figure> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return List.copyOf(GSON.fromJson(Files.readString(file), FIGURES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What an earlier run measured, with the measured areas replaced, in the order of all areas.
     */
    public static List<Figure> merge(
            List<Figure> earlier, List<Figure> fresh, Collection<String> areas) {
        List<String> measured = fresh.stream().map(Figure::area).distinct().toList();
        List<Figure> merged = new ArrayList<>();
        for (String area : areas) {
            List<Figure> from = measured.contains(area) ? fresh : earlier;
            from.stream().filter(figure -> figure.area().equals(area)).forEach(merged::add);
        }
        return merged;
    }

    /** Writes them. */
    public static void write(Path file, List<Figure> figures) throws IOException {
        Files.writeString(file, GSON.toJson(figures, FIGURES.getType()) + "\n");
    }
}
