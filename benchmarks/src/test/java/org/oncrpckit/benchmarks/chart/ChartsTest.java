package org.oncrpckit.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.benchmarks.result.Figure;

/** The pictures show what was measured, and when. */
class ChartsTest {
    @TempDir private Path folder;

    private static Figure figure(String area, String name, String measured) {
        return new Figure(
                area,
                name,
                "unit",
                10,
                Map.of("peer", 2.0),
                null,
                "none",
                true,
                Map.of(),
                measured);
    }

    @Test
    void pictureHasTheDayOfItsOwnFiguresAndNotThatOfTheRun() throws IOException {
        List<Figure> figures =
                List.of(
                        figure("xdr", "encoded", "2026-02-02"),
                        figure("rpc-server", "UDP NULL, p50 with 1 in flight", "2026-01-01"),
                        figure("rpc-server", "UDP NULL, p50 with 256 in flight", "2026-01-01"));

        List<Path> files = Charts.draw(figures, folder);

        assertThat(files).containsExactly(folder.resolve("latency-load.svg"));
        assertThat(Files.readString(files.get(0)))
                .contains("<title>Median latency of NULL over UDP (2026-01-01)</title>")
                .contains("<desc>µs by calls in flight: oncrpc-kit, peer</desc>");
    }

    @Test
    void nothingIsDrawnOfAnAreaWithoutFigures() throws IOException {
        assertThat(Charts.draw(List.of(figure("xdr", "encoded", "2026-02-02")), folder)).isEmpty();
    }
}
