package org.oncrpckit.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A store in memory that counts what it is asked for and can fail. */
final class WatchedStore implements NsmStore {
    final MemoryNsmStore memory = new MemoryNsmStore();
    final List<String> steps = new ArrayList<>();
    boolean full;
    boolean syncFails;

    /** The thread that has closed it; empty while it is open. */
    volatile String closedBy = "";

    /** What {@link #sync} does first. */
    Runnable beforeSync = () -> {};

    @Override
    public int nextState() {
        return memory.nextState();
    }

    @Override
    public List<HostRecord> retire() {
        return memory.retire();
    }

    @Override
    public List<HostRecord> kept() {
        return memory.kept();
    }

    @Override
    public void save(Section section, HostRecord record) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        steps.add("save " + record.address().getHostAddress());
        memory.save(section, record);
    }

    @Override
    public void remove(Section section, InetAddress address) {
        steps.add("remove " + address.getHostAddress());
        memory.remove(section, address);
    }

    @Override
    public void sync() throws IOException {
        beforeSync.run();
        if (syncFails) {
            throw new IOException("Input/output error");
        }
        steps.add("sync");
    }

    @Override
    public void close() {
        closedBy = Thread.currentThread().getName();
    }
}
