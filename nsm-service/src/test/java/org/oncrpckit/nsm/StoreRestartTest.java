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

/** A start after the power went, with more in the journal than was made durable in its place. */
class StoreRestartTest {
    private static final int HOSTS = 500;

    /** However many hosts there are: state number, journal, boot mark, folders. */
    private static final int SYNCS_MAX = 16;

    @TempDir(factory = InMemory.class)
    Path root;

    /** Loses what nobody made durable, as file systems do that write names before contents. */
    private static final class LosingDisk extends DiskSteps {
        private final Set<Path> unsynced = new HashSet<>();
        private int syncs;
        private boolean off;

        @Override
        public void append(Path file, byte[] bytes) throws IOException {
            unsynced.add(file);
            super.append(file, bytes);
        }

        @Override
        public void syncFile(Path file) throws IOException {
            if (off) {
                throw new FailingSteps.Killed();
            }
            syncs++;
            unsynced.remove(file);
            super.syncFile(file);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            syncs++;
            super.syncFolder(folder);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            unsynced.remove(to);
            if (unsynced.remove(from)) {
                unsynced.add(to);
            }
            super.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            unsynced.remove(file);
            super.delete(file);
        }

        void losePower() throws IOException {
            for (Path each : unsynced) {
                truncate(each, 0);
            }
            unsynced.clear();
        }
    }

    /** A life of a monitor that ends when {@link #HOSTS} hosts are promised. */
    private static void monitorHosts(Path folder, LosingDisk disk) throws IOException {
        FileNsmStore store = open(folder, disk);
        store.nextState();
        for (int i = 0; i < HOSTS; i++) {
            store.save(Section.MONITORED, Hosts.record(client(i)));
        }
        store.sync();
        endProcess(store, disk);
    }

    @Test
    void hostsOfTheJournalCostAStartNoSyncEachAndSurviveEveryPowerCut() throws IOException {
        Path folder = root.resolve("state");
        LosingDisk disk = new LosingDisk();
        monitorHosts(folder, disk);
        for (int life = 0; life < 3; life++) {
            disk.syncs = 0;
            FileNsmStore next = open(folder, disk);
            next.nextState();
            List<HostRecord> hosts = next.retire();
            assertThat(disk.syncs).as("syncs of life %d", life).isLessThanOrEqualTo(SYNCS_MAX);
            assertThat(hosts).as("hosts of life %d", life).hasSize(HOSTS);
            assertThat(next.skipped()).isEmpty();
            endProcess(next, disk);
        }
    }

    @Test
    void whatAStartHasPutOffIsSettledLaterAndNotPutOffAgain() throws IOException {
        Path folder = root.resolve("state");
        LosingDisk disk = new LosingDisk();
        monitorHosts(folder, disk);
        try (FileNsmStore next = open(folder, disk)) {
            next.retire();
            assertThat(next.isSettled()).isFalse();
            next.remove(Section.TO_NOTIFY, client(0));
            next.sync();
            while (!next.isSettled()) {
                next.settle();
            }
            assertThat(folder.resolve("journal")).isEmptyFile();
        }
        disk.losePower();
        try (FileNsmStore last = open(folder, disk)) {
            assertThat(last.retire())
                    .hasSize(HOSTS - 1)
                    .extracting(HostRecord::address)
                    .doesNotContain(client(0));
        }
    }

    /** The process ends with the power: it finishes nothing, and only its lock goes. */
    private static void endProcess(FileNsmStore store, LosingDisk disk) throws IOException {
        disk.off = true;
        try {
            store.close();
        } catch (FailingSteps.Killed e) {
            // It is not alive enough to settle anything.
        }
        disk.off = false;
        disk.losePower();
    }

    private static FileNsmStore open(Path folder, FileSteps disk) throws IOException {
        return FileNsmStore.open(folder, disk, InstantSource.system());
    }

    private static InetAddress client(int number) {
        return Hosts.client(number);
    }
}
