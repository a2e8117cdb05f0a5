package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project that is none of ours, with a {@code pom.xml} of its own and {@code rpc-server} as its
 * only dependency, as README tells, compiles a protocol of its own and runs server and client, as
 * Maven does it.
 *
 * <p>Its local repository is thrown away: the modules are put there as this build has made them,
 * everything else is copied from the repository of this build and, if missing there, comes from
 * Maven Central.
 */
class StrangersProjectTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("rpc-xdr", "rpc-client", "rpc-server");
    private static final String PACKAGE = "java/org/oncrpckit/examples";
    private static final int LIMIT_SECONDS = 150;

    private static final String POM =
            """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>greeting</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                @dependency@
                <dependency>
                  <groupId>org.junit.jupiter</groupId>
                  <artifactId>junit-jupiter</artifactId>
                  <version>@junit@</version>
                  <scope>test</scope>
                </dependency>
                <dependency>
                  <groupId>org.assertj</groupId>
                  <artifactId>assertj-core</artifactId>
                  <version>@assertj@</version>
                  <scope>test</scope>
                </dependency>
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <artifactId>maven-resources-plugin</artifactId>
                    <version>@maven-resources-plugin@</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-compiler-plugin</artifactId>
                    <version>@maven-compiler-plugin@</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-surefire-plugin</artifactId>
                    <version>@maven-surefire-plugin@</version>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String SETTINGS =
            """
            <settings>
              <profiles>
                <profile>
                  <id>here</id>
                  <repositories>
                    <repository>
                      <id>here</id>
                      <url>@url@</url>
                    </repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository>
                      <id>here</id>
                      <url>@url@</url>
                    </pluginRepository>
                  </pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles>
                <activeProfile>here</activeProfile>
              </activeProfiles>
            </settings>
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void projectThatDependsOnRpcServerAloneBuildsAndRuns() throws Exception {
        Path main = PROJECT.resolve("rpc-server/target/classes");
        assumeTrue(Files.isDirectory(main), main + " is missing: Maven has not compiled it");
        String root = Files.readString(PROJECT.resolve("pom.xml"));
        String version = find(root, "<artifactId>oncrpc-kit</artifactId>\\s*<version>(.*?)<");
        install("oncrpc-kit", version, PROJECT);
        for (String module : MODULES) {
            install(module, version, PROJECT.resolve(module));
        }
        Files.writeString(folder.resolve("pom.xml"), pom(root, version));
        Files.writeString(folder.resolve("settings.xml"), settings());
        copySources("main", List.of("GreetingProtocol", "GreetingServer", "GreetingClient"));
        copySources("test", List.of("GreetingTest"));

        Path log = folder.resolve("log");
        int status = maven(log);

        assertThat(status).as(() -> read(log)).isZero();
        assertThat(folder.resolve("target/surefire-reports/" + TEST_REPORT))
                .content()
                .contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    private static final String TEST_REPORT = "org.oncrpckit.examples.GreetingTest.txt";

    /** Puts an artifact into the local repository, as {@code mvn install} does. */
    private void install(String artifact, String version, Path module) throws IOException {
        Path target =
                Files.createDirectories(
                        folder.resolve("repository/org/oncrpckit")
                                .resolve(artifact)
                                .resolve(version));
        String name = artifact + "-" + version;
        Files.copy(module.resolve("pom.xml"), target.resolve(name + ".pom"));
        Path classes = module.resolve("target/classes");
        if (Files.isDirectory(classes)) {
            jar(classes, target.resolve(name + ".jar"));
        }
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path each : walk.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
                out.putNextEntry(new ZipEntry(name));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    private void copySources(String kind, List<String> names) throws IOException {
        Path from = PROJECT.resolve("examples/src").resolve(kind).resolve(PACKAGE);
        Path to = Files.createDirectories(folder.resolve("src").resolve(kind).resolve(PACKAGE));
        for (String name : names) {
            Files.copy(from.resolve(name + ".java"), to.resolve(name + ".java"));
        }
    }

    /** The stranger uses the versions that this build uses, so that they are at hand. */
    private static String pom(String root, String version) throws IOException {
        String pom =
                POM.replace("@dependency@", dependency(version))
                        .replace("@junit@", find(root, "<junit.version>(.*?)<"))
                        .replace("@assertj@", find(root, "<assertj.version>(.*?)<"));
        for (String plugin :
                List.of(
                        "maven-resources-plugin",
                        "maven-compiler-plugin",
                        "maven-surefire-plugin")) {
            String pattern = "<artifactId>" + plugin + "</artifactId>\\s*<version>(.*?)<";
            pom = pom.replace("@" + plugin + "@", find(root, pattern));
        }
        return pom;
    }

    /** What README tells strangers to write. */
    private static String dependency(String version) throws IOException {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        String dependency = find(readme, "(?s)```xml\n(<dependency>.*?</dependency>)\n```");
        assertThat(dependency)
                .contains("<artifactId>rpc-server<", "<version>" + version + "</version>");
        return dependency;
    }

    private static String settings() {
        String usual = Path.of(System.getProperty("user.home"), ".m2", "repository").toString();
        Path repository = Path.of(System.getProperty("e2e.repository", usual));
        return SETTINGS.replace("@url@", repository.toUri().toString());
    }

    private int maven(Path log) throws Exception {
        Process maven;
        try {
            maven =
                    new ProcessBuilder(
                                    "mvn",
                                    "-B",
                                    "-s",
                                    "settings.xml",
                                    "-Dmaven.repo.local=" + folder.resolve("repository"),
                                    "test")
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        } catch (IOException e) {
            assumeTrue("required".equals(System.getenv("E2E")), "no Maven: " + e.getMessage());
            throw e;
        }
        if (!maven.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            maven.destroyForcibly();
        }
        return maven.waitFor();
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
