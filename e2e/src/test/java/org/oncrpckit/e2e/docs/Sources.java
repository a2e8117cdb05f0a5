package org.oncrpckit.e2e.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of the checkout. */
final class Sources {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    private static final List<String> MODULES =
            List.of(
                    "rpc-xdr",
                    "lock-core",
                    "rpc-client",
                    "rpc-server",
                    "nsm-service",
                    "nlm-service",
                    "examples",
                    "e2e");

    private Sources() {}

    static Path document(String name) {
        return PROJECT.resolve("docs").resolve(name);
    }

    /** Java files of a part of all modules but the benchmarks: src/main or src/test. */
    static List<Path> java(String part) throws IOException {
        List<Path> java = new ArrayList<>();
        for (String module : MODULES) {
            java.addAll(java(module, part));
        }
        return java;
    }

    /** Those of one module. */
    static List<Path> java(String module, String part) throws IOException {
        Path folder = PROJECT.resolve(module).resolve(part);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
