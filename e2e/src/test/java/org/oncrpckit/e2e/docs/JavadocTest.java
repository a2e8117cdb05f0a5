package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference documentation of all modules, built as one. */
class JavadocTest {
    @TempDir private Path output;

    /**
     * Everything public has a comment, and every comment is well-formed and refers to what exists.
     * A parameter or a result that the sentence explains needs no tag of its own.
     */
    @Test
    void everythingPublicIsDocumentedWithoutAWarning() throws IOException {
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StringWriter messages = new StringWriter();
        List<Path> sources = Sources.java("src/main/java");
        assertThat(sources).hasSizeGreaterThan(100);
        boolean built;
        try (StandardJavaFileManager files =
                javadoc.getStandardFileManager(found, Locale.ROOT, null)) {
            built =
                    javadoc.getTask(
                                    messages,
                                    files,
                                    found,
                                    null,
                                    options(),
                                    files.getJavaFileObjectsFromPaths(sources))
                            .call();
        }
        assertThat(built).as(messages.toString()).isTrue();
        assertThat(found.getDiagnostics())
                .filteredOn(JavadocTest::isBad)
                .extracting(Object::toString)
                .isEmpty();
        assertThat(output.resolve("index.html")).exists();
    }

    /** What lives in a package stands first on its page; a newcomer must not miss the rest. */
    @Test
    void everyPackageHasAPageThatSaysWhatNeverLivesThere() throws IOException {
        List<Path> sources = new ArrayList<>(Sources.java("src/main/java"));
        sources.addAll(Sources.java("benchmarks", "src/main/java"));
        Set<Path> folders = new TreeSet<>();
        sources.forEach(source -> folders.add(source.getParent()));
        assertThat(folders)
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        folder ->
                                assertThat(folder.resolve("package-info.java"))
                                        .content()
                                        .containsIgnoringCase("never"));
    }

    /** Its page sorts them by subject, for newcomers. */
    @Test
    void everyClassOfScenariosIsOnThePageOfItsPackage() throws IOException {
        Path folder = Path.of("src/test/java/org/oncrpckit/e2e");
        String page =
                Files.readString(folder.resolve("package-info.java")).replaceAll("\\s+\\* +", " ");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.matches("\\w+(Scenarios|Test)\\.java"))
                    .hasSizeGreaterThan(20)
                    .allSatisfy(
                            name ->
                                    assertThat(page)
                                            .contains("{@link " + name.replace(".java", "}")));
        }
    }

    private List<String> options() {
        return List.of(
                "-quiet",
                "-Xdoclint:all",
                "-Xmaxwarns",
                "100000",
                "-d",
                output.toString(),
                "-classpath",
                // Surefire's own class path is a jar that only names others.
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
    }

    private static boolean isBad(Diagnostic<?> diagnostic) {
        return diagnostic.getKind() != Diagnostic.Kind.NOTE
                && !diagnostic.getMessage(Locale.ROOT).startsWith("no @");
    }
}
