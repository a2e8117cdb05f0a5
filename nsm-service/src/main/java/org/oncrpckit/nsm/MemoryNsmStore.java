package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A store that survives as long as the object: for tests, which may "restart" a monitor over one,
 * and for monitors that shall leave nothing behind. Thread-safe.
 */
public final class MemoryNsmStore implements NsmStore {
    private final Map<Section, Map<HostKey, HostRecord>> sections = new EnumMap<>(Section.class);
    private int state;

    /** An empty store whose first state number is 1. */
    public MemoryNsmStore() {
        this(-1);
    }

    /** An empty store that remembers this state number as the last one. */
    public MemoryNsmStore(int lastState) {
        state = lastState;
        for (Section each : Section.values()) {
            sections.put(each, new LinkedHashMap<>());
        }
    }

    @Override
    public synchronized int nextState() {
        state = StateNumber.after(state);
        return state;
    }

    @Override
    public synchronized List<HostRecord> retire() {
        Map<HostKey, HostRecord> toNotify = of(Section.TO_NOTIFY);
        for (HostRecord each : of(Section.MONITORED).values()) {
            each.ofCallBacks()
                    .ifPresent(
                            record ->
                                    of(Section.KEPT)
                                            .merge(
                                                    each.key(),
                                                    record,
                                                    (old, now) -> now.mergedWith(old)));
        }
        of(Section.MONITORED)
                .forEach(
                        (host, record) ->
                                toNotify.merge(host, record, (old, now) -> now.mergedWith(old)));
        of(Section.MONITORED).clear();
        return List.copyOf(toNotify.values());
    }

    @Override
    public synchronized List<HostRecord> kept() {
        return records(Section.KEPT);
    }

    @Override
    public synchronized void save(Section section, HostRecord record) {
        of(section).put(record.key(), record);
    }

    @Override
    public synchronized void remove(Section section, InetAddress address) {
        of(section).remove(HostKey.of(address));
    }

    /** What a section holds now. */
    public synchronized List<HostRecord> records(Section section) {
        return List.copyOf(of(section).values());
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}

    private Map<HostKey, HostRecord> of(Section section) {
        Map<HostKey, HostRecord> records = sections.get(section);
        if (records == null) {
            throw new IllegalStateException("no section " + section);
        }
        return records;
    }
}
