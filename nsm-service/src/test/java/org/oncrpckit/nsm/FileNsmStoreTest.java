package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.NsmStore.Section;

class FileNsmStoreTest {
    private static final InetAddress A = Hosts.client(1);
    private static final InetAddress B = Hosts.client(2);
    private static final InetAddress IPV6 = Hosts.address("fd00::1");

    @TempDir Path folder;

    @Test
    void stateGrowsByTwoAtEveryStartAlsoWhenNobodyWasMonitored() throws IOException {
        int first = nextState();
        assertThat(first).isOdd();
        assertThat(nextState()).isEqualTo(first + 2);
        assertThat(nextState()).isEqualTo(first + 4);
        assertThat(
                        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("state")))
                                .order(ByteOrder.nativeOrder())
                                .getInt())
                .isEqualTo(first + 4);
    }

    @Test
    void folderThatVanishedStartsWithANumberThatNoHostHasSeen() throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
        try (FileNsmStore store = FileNsmStore.open(folder, new DiskSteps(), clock)) {
            assertThat(store.nextState()).isEqualTo(1_800_000_001);
            assertThat(store.skipped()).isEmpty();
        }
    }

    @Test
    void evenStateOfACleanShutdownIsFollowedByTheNextOddOne() throws IOException {
        writeState(8);
        assertThat(nextState()).isEqualTo(9);
    }

    @Test
    void greatestStateIsFollowedByTheFirst() throws IOException {
        writeState(Integer.MAX_VALUE);
        assertThat(nextState()).isEqualTo(1);
    }

    @Test
    void tornStateIsReplacedByANumberThatWasNeverUsed() throws IOException {
        Files.write(folder.resolve("state"), new byte[] {7, 0});
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
        try (FileNsmStore store = FileNsmStore.open(folder, new DiskSteps(), clock)) {
            assertThat(store.nextState()).isEqualTo(1_800_000_001);
            assertThat(store.skipped()).singleElement().asString().contains("state", "2 bytes");
        }
        assertThat(nextState()).isEqualTo(1_800_000_003);
    }

    @Test
    void monitoredHostsAreThoseToNotifyAfterTheNextStart() throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            store.save(Section.MONITORED, Hosts.record(A));
            store.save(Section.MONITORED, Hosts.record(B));
            store.save(Section.MONITORED, Hosts.record(IPV6));
            store.remove(Section.MONITORED, B);
            store.sync();
        }
        assertThat(names("sm")).containsExactly("10.99.1.1", "fd00:0:0:0:0:0:0:1");
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            assertThat(store.retire())
                    .containsExactlyInAnyOrder(Hosts.record(A), Hosts.record(IPV6));
        }
        assertThat(names("sm")).isEmpty();
        assertThat(names("sm.bak")).containsExactly("10.99.1.1", "fd00:0:0:0:0:0:0:1");
    }

    @Test
    void hostThatWasNotReachedIsMergedWithWhatItDidSince() throws IOException {
        Contact older = Contact.of(Hosts.monitored(A)).givenUp();
        Contact other =
                Contact.of(
                        new MonitoredHost(
                                A,
                                Hosts.SERVER_NAME,
                                Hosts.address("10.99.0.2"),
                                Hosts.SERVER_NAME));
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            store.save(Section.TO_NOTIFY, new HostRecord(A, List.of(older, other)));
            store.save(Section.MONITORED, Hosts.record(A));
            store.sync();
        }
        HostRecord merged = new HostRecord(A, List.of(Contact.of(Hosts.monitored(A)), other));
        for (int restart = 0; restart < 2; restart++) {
            try (FileNsmStore store = FileNsmStore.open(folder)) {
                assertThat(store.retire()).containsExactly(merged);
            }
        }
    }

    @Test
    void anotherSpellingOfAnAddressIsTheSameHost() throws IOException {
        Files.createDirectories(folder.resolve("sm"));
        Files.createDirectories(folder.resolve("sm.bak"));
        byte[] content = RecordText.encode(Hosts.record(IPV6));
        Files.write(folder.resolve("sm/fd00::1"), content);
        Files.write(folder.resolve("sm.bak/FD00::1"), content);
        Files.write(folder.resolve("sm.bak/fd00:0:0:0:0:0:0:1"), content);
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            assertThat(store.retire()).containsExactly(Hosts.record(IPV6));
            assertThat(names("sm")).isEmpty();
            assertThat(names("sm.bak")).containsExactly("fd00:0:0:0:0:0:0:1");
        }
    }

    @Test
    void whatIsNoRecordIsReportedLeftAloneAndNeverFollowed() throws IOException {
        Path sm = Files.createDirectories(folder.resolve("sm"));
        Path secret = folder.resolve("secret");
        Files.write(secret, RecordText.encode(Hosts.record(A)));
        Files.createSymbolicLink(sm.resolve("10.0.0.1"), secret);
        Files.createDirectory(sm.resolve("10.0.0.2"));
        Files.createFile(sm.resolve("10.0.0.3"));
        Files.writeString(sm.resolve("10.0.0.4"), "0100007f 0001");
        Files.writeString(sm.resolve("client1.example.org"), "x");
        Files.write(sm.resolve("10.0.0.5"), new byte[RecordText.LENGTH_MAX + 1]);
        Files.writeString(sm.resolve(".hidden"), "x");
        List<String> before = names("sm");
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            assertThat(store.retire()).isEmpty();
            assertThat(store.skipped()).hasSize(6);
        }
        assertThat(names("sm")).isEqualTo(before);
        assertThat(names("sm.bak")).isEmpty();
    }

    @Test
    void linkInTheWayOfARecordIsReplacedNotFollowed() throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            Path victim = Files.writeString(folder.resolve("victim"), "untouched");
            Files.createSymbolicLink(folder.resolve("sm/10.99.1.1"), victim);
            Files.createSymbolicLink(folder.resolve("sm/.10.99.1.1.new"), victim);
            store.save(Section.MONITORED, Hosts.record(A));
            store.sync();
            assertThat(victim).hasContent("untouched");
            assertThat(folder.resolve("sm/10.99.1.1")).isRegularFile();
        }
    }

    @Test
    void leftTemporaryFileNeverBecomesAHost() throws IOException {
        Files.createDirectories(folder.resolve("sm"));
        Files.write(folder.resolve("sm/.10.0.0.1.new"), RecordText.encode(Hosts.record(A)));
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            assertThat(store.retire()).isEmpty();
            assertThat(folder.resolve("sm/.10.0.0.1.new")).doesNotExist();
        }
    }

    @Test
    void secondMonitorOnTheSameFolderFailsWithOneLineThatNamesTheFirst() throws IOException {
        try (FileNsmStore first = FileNsmStore.open(folder)) {
            assertThat(first.nextState()).isOdd();
            assertThatThrownBy(() -> FileNsmStore.open(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageNotContaining("\n");
        }
        FileNsmStore.open(folder).close();
    }

    @Test
    void storeThatCouldNotFinishLeavesTheFolderToTheNextAndDoesNotComeBack() throws IOException {
        FailingSteps disk = new FailingSteps(Integer.MAX_VALUE);
        FileNsmStore first = FileNsmStore.open(folder, disk, InstantSource.system());
        for (int i = 0; i < 100; i++) {
            first.save(Section.MONITORED, Hosts.record(Hosts.client(i)));
        }
        first.sync();
        disk.full = true;
        assertThatThrownBy(first::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
        disk.full = false;
        try (FileNsmStore next = FileNsmStore.open(folder)) {
            assertThat(next.retire()).hasSize(100);
            int taken = disk.taken();
            first.close();
            assertThat(disk.taken()).isEqualTo(taken);
        }
    }

    @Test
    void folderThatCannotBeMadeIsNamedWithTheReason() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> FileNsmStore.open(file.resolve("state")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("state folder " + file.resolve("state"))
                .hasMessageContaining("Not a directory");
    }

    @Test
    void filesAreForTheOwnerOnly() throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            store.save(Section.MONITORED, Hosts.record(A));
            store.sync();
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("sm/10.99.1.1"))))
                .isEqualTo("rw-------");
    }

    @Test
    void scopedAddressHasAFileNameThatIsReadBack() throws IOException {
        InetAddress scoped =
                Inet6Address.getByAddress(null, Hosts.address("fe80::1").getAddress(), 1);
        String name = HostFileName.of(scoped);
        assertThat(name).contains("%25").doesNotContain("/");
        assertThat(HostFileName.parse(name)).contains(scoped);
    }

    private int nextState() throws IOException {
        try (FileNsmStore store = FileNsmStore.open(folder)) {
            return store.nextState();
        }
    }

    private void writeState(int state) throws IOException {
        Files.write(
                folder.resolve("state"),
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(state).array());
    }

    private List<String> names(String section) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(section))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void monitorThatWasKeptOutDoesNotOpenTheFolderToOtherProcesses() throws IOException {
        try (FileNsmStore first = FileNsmStore.open(folder)) {
            assertThat(first.skipped()).isEmpty();
            assertThatThrownBy(() -> FileNsmStore.open(folder))
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
            String inode = ":" + Files.getAttribute(folder.resolve("lock"), "unix:ino") + " ";
            assertThat(Files.readString(Path.of("/proc/locks")))
                    .as("the kernel's lock")
                    .contains(inode);
        }
        FileNsmStore.open(folder).close();
    }
}
