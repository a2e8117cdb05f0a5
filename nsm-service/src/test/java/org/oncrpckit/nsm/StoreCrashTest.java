package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.NsmStore.Section;

/** The process ends at every step that it takes on the file system, and starts again. */
class StoreCrashTest {
    private static final InetAddress OLD = Hosts.client(1);
    private static final InetAddress KEPT = Hosts.client(2);
    private static final InetAddress ENDED = Hosts.client(3);
    private static final InetAddress ANSWERED = Hosts.client(4);
    private static final int LIVES_MAX = 500;

    @TempDir Path root;

    /** What a life of a monitor got done for certain, and what it had begun. */
    private static final class Life {
        private final Set<InetAddress> promised = new HashSet<>();
        private final Set<InetAddress> begun = new HashSet<>();
        private int state = -1;
        private boolean ended;
    }

    @Test
    void killedAtAnyStepNoHostIsForgottenNoneAppearsAndNoStateRepeats() throws IOException {
        for (int step = 1; step < LIVES_MAX; step++) {
            Path folder = root.resolve("killed-at-" + step);
            prepare(folder);
            Life life = new Life();
            live(folder, new FailingSteps(step), life);
            try (FileNsmStore after = FileNsmStore.open(folder)) {
                int state = after.nextState();
                assertThat(state % 2).as("state after step %d", step).isEqualTo(1);
                assertThat(state).as("state after step %d", step).isGreaterThan(life.state);
                assertThat(state).isGreaterThan(1);
                List<HostRecord> records = after.retire();
                List<InetAddress> hosts = records.stream().map(HostRecord::address).toList();
                assertThat(hosts).as("hosts after step %d", step).containsAll(life.promised);
                assertThat(life.begun).as("hosts after step %d", step).containsAll(hosts);
                if (life.promised.contains(ANSWERED)) {
                    assertThat(records)
                            .as("both ways of knowing after step %d", step)
                            .anyMatch(
                                    record ->
                                            record.address().equals(ANSWERED)
                                                    && record.contacts().size() == 2);
                }
                assertThat(after.skipped()).as("skipped after step %d", step).isEmpty();
            }
            if (life.ended) {
                assertThat(step).as("steps of a whole life").isGreaterThan(30);
                return;
            }
        }
        throw new AssertionError("a life takes more than " + LIVES_MAX + " steps");
    }

    /** A first start that monitors two hosts, one of them in the way that a merge needs. */
    private static void prepare(Path folder) throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            store.nextState();
            store.save(Section.MONITORED, Hosts.record(OLD));
            store.save(Section.MONITORED, Hosts.record(ANSWERED));
            store.save(Section.TO_NOTIFY, second(ANSWERED));
            store.sync();
        }
    }

    private static void live(Path folder, FailingSteps steps, Life life) throws IOException {
        life.promised.addAll(Set.of(OLD, ANSWERED));
        life.begun.addAll(life.promised);
        FileNsmStore store;
        try {
            store = FileNsmStore.open(folder, steps, InstantSource.system());
        } catch (FailingSteps.Killed e) {
            throw new AssertionError("opening changes nothing on a clean folder", e);
        }
        try {
            life.state = store.nextState();
            store.retire();
            monitor(store, KEPT, life);
            monitor(store, ENDED, life);
            life.promised.remove(ENDED);
            store.remove(Section.MONITORED, ENDED);
            store.sync();
            life.begun.remove(ENDED);
            life.promised.remove(ANSWERED);
            store.remove(Section.TO_NOTIFY, ANSWERED);
            store.sync();
            life.begun.remove(ANSWERED);
            store.save(Section.MONITORED, Hosts.record(KEPT).mergedWith(second(KEPT)));
            store.sync();
            life.ended = true;
        } catch (FailingSteps.Killed e) {
            // The next life begins.
        } finally {
            store.close();
        }
    }

    private static void monitor(FileNsmStore store, InetAddress address, Life life)
            throws IOException {
        life.begun.add(address);
        store.save(Section.MONITORED, Hosts.record(address));
        store.sync();
        life.promised.add(address);
    }

    /** A record of another way of knowing than {@link Hosts#record} has. */
    private static HostRecord second(InetAddress address) {
        return new HostRecord(address, List.of(Hosts.callBack("other", 100021)));
    }
}
