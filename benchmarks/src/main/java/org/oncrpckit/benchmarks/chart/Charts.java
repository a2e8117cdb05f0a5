package org.oncrpckit.benchmarks.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.oncrpckit.benchmarks.result.Figure;

/**
 * Draws the figures whose names differ in a number only: that number is the abscissa, and each
 * contestant a line.
 */
public final class Charts {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int MARKER = 8;
    private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);

    private static final Color GRID = new Color(0xdddddd);

    /** Told apart by people who do not see all colours too. */
    private static final Color[] COLOURS = {
        new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), new Color(0xcc79a7)
    };

    private static final List<Description> ALL =
            List.of(
                    new Description(
                            "standing-locks",
                            "nlm",
                            Pattern.compile("UDP, 32 in flight, (none|[\\d,]+) standing"),
                            "Lock and unlock operations a second, UDP, 32 in flight",
                            "locks standing on the same file (1: none)",
                            "operations/s"),
                    new Description(
                            "latency-load",
                            "rpc-server",
                            Pattern.compile("UDP NULL, p50 with (\\d+) in flight"),
                            "Median latency of NULL over UDP",
                            "calls in flight",
                            "µs"));

    private Charts() {}

    /**
     * Draws all that there are figures for, with the day of their measurement in the title.
     *
     * @param folder where the SVG files go
     * @return the files
     */
    public static List<Path> draw(List<Figure> figures, Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<Path> files = new ArrayList<>();
        for (Description description : ALL) {
            Map<String, Map<Double, Double>> lines = description.lines(figures);
            if (!lines.isEmpty()) {
                Path file = folder.resolve(description.file + ".svg");
                XYChart chart = chart(description, lines, description.measured(figures));
                ChartEncoder.saveChart(chart, file.toString(), "svg");
                describe(chart, lines.keySet(), file);
                files.add(file);
            }
        }
        return files;
    }

    /**
     * The picture's letters are outlines; this is for who cannot see them: screen readers, search.
     */
    private static void describe(XYChart chart, Set<String> names, Path file) throws IOException {
        String words =
                "<title>%s</title><desc>%s by %s: %s</desc>"
                        .formatted(
                                chart.getTitle(),
                                chart.getYAxisTitle(),
                                chart.getXAxisTitle(),
                                String.join(", ", names));
        String picture = Files.readString(file);
        int start = picture.indexOf('>', picture.indexOf("<svg")) + 1;
        Files.writeString(file, picture.substring(0, start) + words + picture.substring(start));
    }

    private static XYChart chart(
            Description description, Map<String, Map<Double, Double>> lines, String date) {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(description.title + " (" + date + ")")
                        .xAxisTitle(description.abscissa)
                        .yAxisTitle(description.ordinate)
                        .build();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setSeriesColors(COLOURS)
                .setDecimalPattern("#,##0")
                .setBaseFont(SANS)
                .setChartTitleFont(TITLE);
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setYAxisMin(powerOfTenBelow(lines))
                .setAxisTitleFont(SANS)
                .setAxisTickLabelsFont(SANS)
                // Dashes would be drawn one by one, and make the file ten times as long.
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridLinesColor(GRID)
                .setMarkerSize(MARKER);
        lines.forEach(
                (name, points) ->
                        chart.addSeries(
                                        name,
                                        new ArrayList<>(points.keySet()),
                                        new ArrayList<>(points.values()))
                                .setLineStyle(new BasicStroke(2)));
        return chart;
    }

    /** Where the ordinate begins, so that its first label stands at its foot. */
    private static double powerOfTenBelow(Map<String, Map<Double, Double>> lines) {
        double least =
                lines.values().stream()
                        .flatMap(points -> points.values().stream())
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElseThrow();
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    /**
     * One picture.
     *
     * @param file name without its ending
     * @param area of the figures
     * @param figure names of the figures; the group is the abscissa, where "none" is drawn as 1
     */
    private record Description(
            String file,
            String area,
            Pattern figure,
            String title,
            String abscissa,
            String ordinate) {
        private Map<String, Map<Double, Double>> lines(List<Figure> figures) {
            Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
            for (Figure each : drawn(figures)) {
                double x = place(figure.matcher(each.figure()).replaceFirst("$1"));
                put(lines, "oncrpc-kit", x, each.ours());
                each.peers().forEach((peer, value) -> put(lines, peer, x, value));
            }
            // A peer that was measured once is no line.
            lines.values().removeIf(points -> points.size() < 2);
            return lines;
        }

        private List<Figure> drawn(List<Figure> figures) {
            return figures.stream()
                    .filter(each -> each.area().equals(area))
                    .filter(each -> figure.matcher(each.figure()).matches())
                    .toList();
        }

        /** The last day: an area is measured as a whole. */
        private String measured(List<Figure> figures) {
            return drawn(figures).stream()
                    .map(Figure::measured)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }

        private static double place(String number) {
            return number.equals("none") ? 1 : Double.parseDouble(number.replace(",", ""));
        }

        private static void put(
                Map<String, Map<Double, Double>> lines, String name, double x, double y) {
            lines.computeIfAbsent(name, key -> new TreeMap<>()).put(x, y);
        }
    }
}
