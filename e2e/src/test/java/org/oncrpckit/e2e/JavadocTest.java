package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private static final List<String> MODULES =
            List.of(
                    "rpc-xdr",
                    "lock-core",
                    "rpc-client",
                    "rpc-server",
                    "nsm-service",
                    "nlm-service");

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
        List<Path> sources = sources();
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

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                files.filter(each -> each.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }

    private static boolean isBad(Diagnostic<?> diagnostic) {
        return diagnostic.getKind() != Diagnostic.Kind.NOTE
                && !diagnostic.getMessage(Locale.ROOT).startsWith("no @");
    }
}
