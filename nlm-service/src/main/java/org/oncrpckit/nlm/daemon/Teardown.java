package org.oncrpckit.nlm.daemon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be undone when the daemon ends, or fails half-way through its start: last opened, first
 * closed. Thread-safe; closing twice is harmless.
 */
final class Teardown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);

    @GuardedBy("this")
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    synchronized void add(AutoCloseable resource) {
        opened.push(resource);
    }

    private synchronized AutoCloseable next() {
        AutoCloseable resource = opened.poll();
        return resource == null ? this : resource;
    }

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
