package org.oncrpckit.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dcache.oncrpc4j.rpc.OncRpcSvc;
import org.oncrpckit.benchmarks.process.Commands;

/** Where the figures come from: the machine, and the version of everything that took part. */
final class Machine {
    private static final double KIB_IN_GIB = 1 << 20;

    private Machine() {}

    /** Lines for people. */
    static List<String> describe() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        String now =
                ZonedDateTime.now(ZoneOffset.UTC)
                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT));
        lines.add("last run: " + now);
        lines.add(
                "machine: %d processors, %s; %s memory; %s %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                valueIn(Path.of("/proc/cpuinfo"), "model name"),
                                memory(),
                                System.getProperty("os.name"),
                                System.getProperty("os.version")));
        lines.add(
                "Java: %s %s"
                        .formatted(
                                System.getProperty("java.vm.name"),
                                System.getProperty("java.vm.version")));
        lines.add(
                "peers: oncrpc4j %s, libtirpc %s, nfs-ganesha %s; C compiler %s"
                        .formatted(
                                versionOf(OncRpcSvc.class),
                                first("pkg-config", "--modversion", "libtirpc"),
                                first("ganesha.nfsd", "-v").replaceFirst(".*=\\s*", ""),
                                first("cc", "-dumpfullversion")));
        return lines;
    }

    private static String first(String... command) throws InterruptedException {
        return Commands.firstLine(command).orElse("none");
    }

    /** From the name of its jar, since its manifest says nothing. */
    private static String versionOf(Class<?> type) {
        String jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                        .getFileName()
                        .toString();
        return jar.replaceFirst("^.*?-(\\d[^/]*)\\.jar$", "$1");
    }

    private static String memory() {
        String kib = valueIn(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
        return kib.isEmpty()
                ? "unknown"
                : String.format(Locale.ROOT, "%.0f GiB", Long.parseLong(kib) / KIB_IN_GIB);
    }

    private static String valueIn(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return "unknown";
        }
    }
}
