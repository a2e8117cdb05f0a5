package org.oncrpckit.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of results, and what a run of some areas does to it. */
class ResultsTest {
    @TempDir private Path folder;

    private static Figure figure(String area, double value) {
        return new Comparison(Series.of(value), Map.of("peer", Series.of(1)), null)
                .figure(area, "figure", "unit", List.of(new Target.AtLeast(2)));
    }

    @Test
    void areasThatWereNotMeasuredKeepTheirFigures() {
        List<Figure> earlier = List.of(figure("a", 1), figure("b", 2), figure("c", 3));

        List<Figure> merged =
                Results.merge(earlier, List.of(figure("b", 9)), List.of("a", "b", "c"));

        assertThat(merged).extracting(Figure::ours).containsExactly(1.0, 9.0, 3.0);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("latest.json");
        List<Figure> figures = List.of(figure("a", 1), figure("b", 2));

        Results.write(file, figures);

        assertThat(Results.read(file)).isEqualTo(figures);
        assertThat(Files.readString(file)).contains("\"limit\": null", "\"met\": false");
    }

    @Test
    void noFileHasNoFigures() {
        assertThat(Results.read(folder.resolve("none"))).isEmpty();
    }

    @Test
    void tablesSayWhatIsMetAndWhatIsMissing() {
        String text =
                Tables.of(
                        List.of("machine: small"),
                        List.of("a peer is missing"),
                        List.of(folder.resolve("rates.svg")),
                        List.of(figure("a", 1), figure("b", 2)));

        assertThat(text)
                .contains("- machine: small", "**a peer is missing**", "targets met: 1 of 2")
                .contains("- pictures: [rates.svg](rates.svg)")
                .contains("## a", "| ≥ 2 | **no** |", "## b", "| ≥ 2 | yes |");
    }
}
