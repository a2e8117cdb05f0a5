package org.oncrpckit.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of {@code benchmarks/native}, compiled with the C compiler of this machine. */
public final class NativeTools {
    private static final List<String> FLAGS =
            List.of("-O2", "-Wall", "-Wextra", "-std=gnu11", "-D_GNU_SOURCE");
    private static final List<String> SHARED =
            List.of(
                    "wire.c",
                    "process.c",
                    "latency.c",
                    "link.c",
                    "nlm.c",
                    "workload.c",
                    "answer.c");
    private static final Path TIRPC_HEADERS = Path.of("/usr/include/tirpc");

    private final Path sources;
    private final Path target;

    /**
     * Where they are.
     *
     * @param sources the C files
     * @param target where the programs are put
     */
    public NativeTools(Path sources, Path target) {
        this.sources = sources;
        this.target = target;
    }

    /** Where the C files and scripts are. */
    public Path sources() {
        return sources;
    }

    /** Whether there is a compiler. Without it nothing can be measured but what lives in a JVM. */
    public static boolean canCompile() throws InterruptedException {
        return Commands.firstLine("cc", "--version").isPresent();
    }

    /** A program that needs nothing but the C library; compiled when it is older than a source. */
    public Path program(String name) throws IOException, InterruptedException {
        return compile(name, SHARED, List.of());
    }

    /** A program that needs libtirpc, or empty where that is not installed. */
    public Optional<Path> tirpcProgram(String name) throws IOException, InterruptedException {
        if (!Files.exists(TIRPC_HEADERS.resolve("rpc/rpc.h"))) {
            return Optional.empty();
        }
        return Optional.of(
                compile(
                        name,
                        List.of("process.c", "latency.c"),
                        List.of("-I" + TIRPC_HEADERS, "-ltirpc")));
    }

    private Path compile(String name, List<String> shared, List<String> options)
            throws IOException, InterruptedException {
        Path program = target.resolve(name);
        if (isNewerThanSources(program)) {
            return program;
        }
        Files.createDirectories(target);
        List<String> command = new ArrayList<>(List.of("cc"));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", program.toString(), sources.resolve(name + ".c").toString()));
        shared.forEach(each -> command.add(sources.resolve(each).toString()));
        command.addAll(options);
        Commands.run(command);
        return program;
    }

    private boolean isNewerThanSources(Path program) throws IOException {
        if (!Files.exists(program)) {
            return false;
        }
        long made = Files.getLastModifiedTime(program).toMillis();
        try (Stream<Path> files = Files.list(sources)) {
            return files.allMatch(file -> file.toFile().lastModified() < made);
        }
    }
}
