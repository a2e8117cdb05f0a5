package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** Nothing that a remote host can cause fills a log. */
class ServerLogTest {
    private final VirtualTime time = new VirtualTime();
    private final RecordingLogger log = new RecordingLogger();
    private final ServerEvents events = new ServerEvents(RpcServerListener.NONE, time, log);

    @Test
    void junkIsLoggedAtDebugOnly() throws Exception {
        try (var simulated = new SimulatedServer(new Echo().program()).udp) {
            for (int i = 0; i < 100; i++) {
                events.callTurnedAway(
                        simulated, new InetSocketAddress("10.0.0.2", 1), CallOutcome.MALFORMED);
            }
        }
        assertThat(log.levels).containsOnly(Level.DEBUG);
    }

    @Test
    void eachKindOfFailureIsAWarningOnceAMinute() throws Exception {
        try (var endpoint = new SimulatedServer(new Echo().program()).udp) {
            for (int second = 0; second < 180; second++) {
                for (int i = 0; i < 10; i++) {
                    events.slowReader(endpoint);
                    events.connectionRefused(endpoint);
                    events.tooMuchWaits(endpoint);
                }
                time.advance(Duration.ofSeconds(1));
            }
        }
        assertThat(log.levels.stream().filter(level -> level == Level.WARN)).hasSize(3 * 3);
        assertThat(log.levels).hasSize(5400);
    }

    private static final class RecordingLogger extends LegacyAbstractLogger {
        @Serial private static final long serialVersionUID = 1L;

        final transient List<Level> levels = new ArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName() {
            return RecordingLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
            levels.add(level);
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
