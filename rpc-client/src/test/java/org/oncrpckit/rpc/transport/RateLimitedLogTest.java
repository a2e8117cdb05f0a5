package org.oncrpckit.rpc.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RateLimitedLogTest {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - MINUTE_NANOS);
    private final Logger logger =
            (Logger)
                    Proxy.newProxyInstance(
                            Logger.class.getClassLoader(),
                            new Class<?>[] {Logger.class},
                            (proxy, method, arguments) -> {
                                lines.add(method.getName() + Arrays.deepToString(arguments));
                                return null;
                            });

    @Test
    void warnsOnceAMinuteAndSaysHowMuchItLeftOut() {
        RateLimitedLog log = new RateLimitedLog(logger, clock::get);
        for (int i = 0; i < 5; i++) {
            log.warn("trouble", new IllegalStateException());
        }
        clock.addAndGet(MINUTE_NANOS - 1);
        log.warn("trouble", new IllegalStateException());
        // The clock may overflow, as System.nanoTime may.
        clock.addAndGet(1);
        log.warn("trouble", new IllegalStateException());

        List<String> warnings = lines.stream().filter(line -> line.startsWith("warn")).toList();
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0)).contains("[trouble, ");
        assertThat(warnings.get(1)).contains("[trouble (and 5 times before), ");
        assertThat(lines).hasSize(7);
        assertThat(lines.stream().filter(line -> line.startsWith("debug"))).hasSize(5);
    }

    @Test
    void eachLevelIsItsOwn() {
        new RateLimitedLog(logger, clock::get).info("told {}", "once");
        new RateLimitedLog(logger, clock::get).error("told {}", "once");

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("info[told {}");
        assertThat(lines.get(1)).startsWith("error[told {}");
    }
}
