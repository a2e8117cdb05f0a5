package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nlm.admin.AdminClient;
import org.oncrpckit.nlm.admin.LocalLockReply;
import org.oncrpckit.nlm.admin.LocalLockReply.Outcome;
import org.oncrpckit.nlm.admin.LockLine;

/** Processes of this host lock through the control socket of a running daemon. */
class ControlSocketTest {
    private static final int MORE_THAN_TWO_PAGES = 600;

    @TempDir private Path folder;
    private LocalDaemon daemon;
    private AdminClient one;
    private AdminClient two;

    @BeforeEach
    void start() throws IOException {
        daemon = LocalDaemon.start(folder.resolve("state"));
        one = AdminClient.connect(daemon.controlSocket());
        two = AdminClient.connect(daemon.controlSocket());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        daemon.close();
    }

    @Test
    void listingOfManyPagesShowsEveryLockOnce() throws Exception {
        for (int i = 0; i < MORE_THAN_TWO_PAGES; i++) {
            assertThat(one.lock(LocalDaemon.request("many", 10L * i, 10L * i + 5, false)).outcome())
                    .isEqualTo(Outcome.GRANTED);
        }
        assertThat(two.held())
                .hasSize(MORE_THAN_TWO_PAGES)
                .extracting(LockLine::first)
                .doesNotHaveDuplicates();
        assertThat(two.status().locks()).isEqualTo(MORE_THAN_TWO_PAGES);
    }

    @Test
    void locksGoWithTheirConnectionAndTheNextInTheQueueHasThem() throws Exception {
        assertThat(one.lock(LocalDaemon.request("f", 0, 9, false)).outcome())
                .isEqualTo(Outcome.GRANTED);
        LocalLockReply waiting = two.lock(LocalDaemon.request("f", 5, 5, true));
        assertThat(waiting.outcome()).isEqualTo(Outcome.WAITING);
        assertThat(two.waiting()).singleElement().extracting(LockLine::range).isEqualTo("5-5");

        one.close();

        assertThat(two.await(waiting.token()).outcome()).isEqualTo(Outcome.GRANTED);
        assertThat(two.held()).singleElement().extracting(LockLine::range).isEqualTo("5-5");
    }

    @Test
    void waitingRequestThatIsTakenBackLeavesNothing() throws Exception {
        LocalLockReply held = one.lock(LocalDaemon.request("f", 0, 9, false));
        LocalLockReply waiting = two.lock(LocalDaemon.request("f", 0, 9, true));
        two.unlock(waiting.token());
        assertThat(one.waiting()).isEmpty();
        one.unlock(held.token());
        await("everything is free")
                .atMost(Duration.ofSeconds(5))
                .until(() -> two.status().locks() == 0);
        assertThat(two.await(waiting.token()).outcome()).isEqualTo(Outcome.ENDED);
    }

    @Test
    void denialNamesTheHolder() throws Exception {
        one.lock(LocalDaemon.request("f", 0, -1, false));
        LocalLockReply denied = two.lock(LocalDaemon.request("f", 7, 7, false));
        assertThat(denied.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(denied.detail()).contains("held by local tester");
    }

    @Test
    void socketBelongsToTheDaemonsUserAlone() throws IOException {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(daemon.controlSocket())))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(daemon.controlSocket().getParent())))
                .isEqualTo("rwx------");
    }
}
