package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DescriptorShortageTest {
    @Test
    void listenerThatCannotAcceptRestsAndAcceptsLater() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                // The JDK would raise the limit to the hard one.
                                "ulimit -n 150; exec \"$0\" -XX:-MaxFDLimit -Xmx64m -cp \"$1\""
                                        + " \"$2\"",
                                java,
                                System.getProperty("java.class.path"),
                                DescriptorShortage.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        Matcher matcher = Pattern.compile("false true (\\d+) %").matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        assertThat(Integer.parseInt(matcher.group(1))).as(output).isLessThan(30);
        assertThat(output.lines())
                .anyMatch(line -> line.matches("cannot bind /127.0.0.2:0: Too many open files.*"))
                .anyMatch(
                        line ->
                                line.matches(
                                        "cannot connect to /127.0.0.2:\\d+ from /127.0.0.2:0:"
                                                + " Too many open files.*"));
        assertThat(output.lines().filter(line -> line.contains("cannot bind"))).hasSize(2);
    }
}
