package org.oncrpckit.benchmarks.result;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results as Markdown: a table for each area, a line for each figure. */
public final class Tables {
    private static final int SMALL = 100;

    private Tables() {}

    /**
     * The whole document.
     *
     * @param machine where the figures come from
     * @param notes what was missing
     * @param charts pictures that lie beside the document
     * @param figures the lines of the tables
     */
    public static String of(
            List<String> machine, List<String> notes, List<Path> charts, List<Figure> figures) {
        List<String> lines = new ArrayList<>();
        lines.add("# Results");
        lines.add("");
        lines.add(
                "Written by `benchmarks/run`; [README](../README.md) says what each figure means."
                        + " Ratios are ours over theirs: the median of the rounds, and the least"
                        + " and the greatest.");
        lines.add("");
        machine.forEach(line -> lines.add("- " + line));
        notes.forEach(line -> lines.add("- **" + line.replace('\n', ' ') + "**"));
        long targets = figures.stream().filter(Figure::hasTarget).count();
        long met = figures.stream().filter(Figure::hasTarget).filter(Figure::met).count();
        lines.add("- targets met: " + met + " of " + targets);
        if (!charts.isEmpty()) {
            lines.add("- pictures: " + listed(charts.stream(), Tables::link));
        }
        for (String area : figures.stream().map(Figure::area).distinct().toList()) {
            List<Figure> rows = figures.stream().filter(f -> f.area().equals(area)).toList();
            lines.add("");
            lines.add("## " + area);
            lines.add("");
            lines.add("| figure | unit | ours | peers | limit | ratio | target | met | measured |");
            lines.add("| --- | --- | ---: | --- | ---: | --- | --- | --- | --- |");
            rows.forEach(row -> lines.add(row(row)));
        }
        lines.add("");
        return String.join("\n", lines);
    }

    private static String row(Figure figure) {
        return cells(
                figure.figure(),
                figure.unit(),
                number(figure.ours()),
                listed(figure.peers().entrySet().stream(), e -> e.getKey() + " " + number(e)),
                figure.limit() == null ? "" : number(figure.limit()),
                listed(figure.ratios().entrySet().stream(), Tables::ratio),
                figure.hasTarget() ? figure.target() : "",
                figure.hasTarget() ? (figure.met() ? "yes" : "**no**") : "",
                figure.measured());
    }

    private static String cells(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String link(Path chart) {
        return "[%1$s](%1$s)".formatted(chart.getFileName());
    }

    private static <T> String listed(Stream<T> items, Function<T, String> text) {
        return items.map(text).collect(Collectors.joining("; "));
    }

    private static String ratio(Map.Entry<String, String> entry) {
        return entry.getValue() + " × " + entry.getKey();
    }

    private static String number(Map.Entry<String, Double> entry) {
        return number(entry.getValue());
    }

    private static String number(double value) {
        boolean whole = value == Math.rint(value) || Math.abs(value) >= SMALL;
        return String.format(Locale.ROOT, whole ? "%,.0f" : "%.4g", value);
    }
}
