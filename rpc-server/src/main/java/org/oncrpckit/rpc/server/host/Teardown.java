package org.oncrpckit.rpc.server.host;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be undone when a daemon ends, or fails half-way through its start: last opened, first
 * closed. Thread-safe; closing twice is harmless.
 */
public final class Teardown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);

    @GuardedBy("this")
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Remembers something that is open now. */
    public synchronized void add(AutoCloseable resource) {
        opened.push(Objects.requireNonNull(resource, "resource"));
    }

    private synchronized AutoCloseable next() {
        AutoCloseable resource = opened.poll();
        return resource == null ? this : resource;
    }

    /** Closes everything, whatever goes wrong with a part of it; that is logged. */
    @Override
    public void close() {
        for (AutoCloseable resource = next(); resource != this; resource = next()) {
            try {
                resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // The others must be closed all the same.
                LOG.warn("cannot close {}: {}", resource, e.toString());
            }
        }
    }
}
