package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.NsmStore.Section;
import org.oncrpckit.xdr.Opaque;

/** The process ends at every step that it takes on the file system, and starts again. */
class StoreCrashTest {
    private static final InetAddress OLD = Hosts.client(1);
    private static final InetAddress KEPT = Hosts.client(2);
    private static final InetAddress ENDED = Hosts.client(3);
    private static final InetAddress ANSWERED = Hosts.client(4);
    private static final int LIVES_MAX = 2000;
    private static final int BURST = 20;

    @TempDir(factory = InMemory.class)
    Path root;

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
            burst(store, life);
            store.settle();
            monitor(store, ENDED, life);
            while (!store.isSettled()) {
                store.settle();
            }
            life.ended = true;
        } catch (FailingSteps.Killed e) {
            // The next life begins.
        } finally {
            endProcess(store);
        }
    }

    /** What the kernel does with the lock of a process that is gone. */
    private static void endProcess(FileNsmStore store) throws IOException {
        try {
            store.close();
        } catch (FailingSteps.Killed e) {
            // It is not alive enough to finish anything.
        }
    }

    /** More at once than are put in place before they are promised. */
    private static void burst(FileNsmStore store, Life life) throws IOException {
        for (int i = 0; i < BURST; i++) {
            life.begun.add(Hosts.client(100 + i));
            store.save(Section.MONITORED, Hosts.record(Hosts.client(100 + i)));
        }
        store.sync();
        for (int i = 0; i < BURST; i++) {
            life.promised.add(Hosts.client(100 + i));
        }
        store.publish();
    }

    /**
     * Services of this boot live on: whatever happens to the monitor, it knows whom to call back.
     */
    @Test
    void killedAtAnyStepOfAStartItForgetsNoCallBack() throws IOException {
        assumeTrue(BootId.current().isPresent(), "every start is a boot here");
        for (int step = 1; step < LIVES_MAX; step++) {
            Path folder = root.resolve("called-back-" + step);
            try (FileNsmStore store = FileNsmStore.open(folder)) {
                store.retire();
                store.save(Section.KEPT, second(KEPT));
                store.save(Section.MONITORED, second(OLD));
                store.save(Section.MONITORED, Hosts.record(KEPT).mergedWith(second(KEPT)));
                store.sync();
            }
            FileNsmStore store =
                    FileNsmStore.open(folder, new FailingSteps(step), InstantSource.system());
            boolean whole = true;
            try {
                store.retire();
            } catch (FailingSteps.Killed e) {
                whole = false;
            } finally {
                endProcess(store);
            }
            try (FileNsmStore after = FileNsmStore.open(folder)) {
                assertThat(after.retire())
                        .as("to tell after step %d", step)
                        .extracting(HostRecord::address)
                        .containsExactlyInAnyOrder(OLD, KEPT);
                assertThat(after.kept())
                        .as("called back after step %d", step)
                        .containsExactlyInAnyOrder(second(OLD), second(KEPT));
            }
            if (whole) {
                assertThat(step).as("steps of a start").isGreaterThan(5);
                return;
            }
        }
        throw new AssertionError("a start takes more than " + LIVES_MAX + " steps");
    }

    @Test
    void killedWhileTheJournalIsReplayedItIsReplayedAgain() throws IOException {
        for (int step = 1; step < LIVES_MAX; step++) {
            Path folder = root.resolve("replay-" + step);
            leaveJournal(folder);
            boolean whole = true;
            try {
                FileNsmStore.open(folder, new FailingSteps(step), InstantSource.system()).close();
            } catch (FailingSteps.Killed e) {
                whole = false;
            }
            try (FileNsmStore after = FileNsmStore.open(folder)) {
                assertThat(after.retire())
                        .as("hosts after step %d", step)
                        .extracting(HostRecord::address)
                        .containsExactlyInAnyOrder(OLD, KEPT);
                assertThat(after.skipped()).isEmpty();
            }
            assertThat(folder.resolve("journal")).isEmptyFile();
            if (whole) {
                assertThat(step).as("steps of a replay").isGreaterThan(5);
                return;
            }
        }
        throw new AssertionError("a replay takes more than " + LIVES_MAX + " steps");
    }

    /** Two hosts that only the journal has, one that it says was removed, and a torn entry. */
    private static void leaveJournal(Path folder) throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            store.save(Section.MONITORED, Hosts.record(ENDED));
            store.sync();
        }
        StoreJournal journal = new StoreJournal(folder.resolve("journal"), new DiskSteps());
        journal.read();
        Opaque content = Opaque.copyOf(RecordText.encode(Hosts.record(OLD)));
        String old = "sm/" + OLD.getHostAddress();
        journal.append(List.of(new StoreJournal.Entry(old, Opaque.EMPTY)));
        journal.append(
                List.of(
                        new StoreJournal.Entry(old, content),
                        new StoreJournal.Entry(
                                "sm/" + KEPT.getHostAddress(),
                                Opaque.copyOf(RecordText.encode(Hosts.record(KEPT)))),
                        new StoreJournal.Entry("sm/" + ENDED.getHostAddress(), Opaque.EMPTY)));
        Files.writeString(
                folder.resolve("journal"),
                "sm/10.9.9.9 118 00000000\n0100007f",
                StandardOpenOption.APPEND);
    }

    @Test
    void journalNeverLeadsOutOfTheFolder() throws IOException {
        Path folder = root.resolve("hostile");
        FileNsmStore.open(folder).close();
        StoreJournal journal = new StoreJournal(folder.resolve("journal"), new DiskSteps());
        Opaque content = Opaque.copyOf(RecordText.encode(Hosts.record(OLD)));
        for (String place :
                List.of("sm/../10.0.0.1", "state", "../10.0.0.1", "sm/a", "x/10.0.0.1")) {
            journal.append(List.of(new StoreJournal.Entry(place, content)));
        }
        try (FileNsmStore after = FileNsmStore.open(folder)) {
            assertThat(after.skipped()).hasSize(5);
            assertThat(after.retire()).isEmpty();
        }
        assertThat(root.resolve("10.0.0.1")).doesNotExist();
        assertThat(folder.resolve("10.0.0.1")).doesNotExist();
    }

    @Test
    void batchThatTheDiskRefusesLeavesNoTrace() throws IOException {
        Path folder = root.resolve("full");
        FailingSteps disk = new FailingSteps(Integer.MAX_VALUE);
        try (FileNsmStore store = FileNsmStore.open(folder, disk, InstantSource.system())) {
            store.save(Section.MONITORED, Hosts.record(OLD));
            store.sync();
            disk.fillAfter(30);
            store.save(Section.MONITORED, Hosts.record(ENDED));
            assertThatThrownBy(store::sync)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            disk.fillAfter(Integer.MAX_VALUE);
            store.save(Section.MONITORED, Hosts.record(KEPT));
            store.sync();
        }
        try (FileNsmStore after = FileNsmStore.open(folder)) {
            assertThat(after.retire())
                    .extracting(HostRecord::address)
                    .containsExactlyInAnyOrder(OLD, KEPT);
        }
    }

    /** Files have to be caught up before a journal that is full takes anything, and cannot be. */
    @Test
    void batchThatTheFullJournalCannotTakeLeavesNoTrace() throws IOException {
        Path folder = root.resolve("behind");
        FailingSteps disk = new FailingSteps(Integer.MAX_VALUE);
        try (FileNsmStore store = FileNsmStore.open(folder, disk, InstantSource.system())) {
            Path journal = folder.resolve("journal");
            store.save(Section.MONITORED, Hosts.record(KEPT));
            store.sync();
            while (Files.size(journal) < StoreJournal.LENGTH_MAX) {
                for (int i = 0; i < BURST; i++) {
                    store.save(Section.MONITORED, longRecord(Hosts.client(100 + i)));
                }
                store.sync();
            }
            disk.full = true;
            store.save(Section.MONITORED, Hosts.record(ENDED));
            store.remove(Section.MONITORED, KEPT);
            assertThatThrownBy(store::sync)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            disk.full = false;
            store.save(Section.MONITORED, Hosts.record(OLD));
            store.sync();
        }
        try (FileNsmStore after = FileNsmStore.open(folder)) {
            assertThat(after.retire())
                    .extracting(HostRecord::address)
                    .contains(OLD, KEPT)
                    .doesNotContain(ENDED);
        }
    }

    /** As many contacts with names as long as there may be. */
    private static HostRecord longRecord(InetAddress address) {
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < HostRecord.CONTACTS_MAX; i++) {
            contacts.add(Hosts.callBack("%0255d".formatted(i), 100021));
        }
        return new HostRecord(address, contacts);
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
