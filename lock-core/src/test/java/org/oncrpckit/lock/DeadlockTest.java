package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.lock.Scene.file;
import static org.oncrpckit.lock.Scene.read;
import static org.oncrpckit.lock.Scene.write;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlockTest {
    private final Scene scene = new Scene();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 50})
    void cycleIsRefusedAtItsLastRequest(int length) {
        for (int i = 0; i < length; i++) {
            scene.hold(write("<" + i + ">", i, i));
        }
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i + 1 < length; i++) {
            tickets.add(scene.await(write("<" + i + ">", i + 1, i + 1)));
        }
        String last = "<" + (length - 1) + ">";

        StringBuilder cycle = new StringBuilder(last);
        for (int i = 0; i + 1 < length; i++) {
            cycle.append('<').append(i).append('>');
        }
        assertThat(scene.refused(write(last, 0, 0))).isEqualTo(cycle.toString());

        // The refused owner still holds its lock; when it lets go, everybody gets on in turn.
        for (int i = length - 1; i > 0; i--) {
            assertThat(scene.unlock("<" + i + ">", i, length)).containsExactly(tickets.get(i - 1));
        }
    }

    @Test
    void requestAcrossTwoHoldersOfWhichOnlyTheSecondWaitsForUsIsRefused() {
        scene.hold(write("a", 0, 0));
        scene.hold(write("b", 10, 10));
        scene.hold(write("c", 20, 20));
        scene.await(write("c", 0, 0));

        assertThat(scene.refused(write("a", 10, 20))).isEqualTo("ac");
    }

    @Test
    void secondOfTwoUpgradersIsRefused() {
        scene.hold(read("a", 0, 9));
        scene.hold(read("b", 0, 9));
        Ticket upgrade = scene.await(write("a", 0, 9));

        assertThat(scene.refused(write("b", 0, 9))).isEqualTo("ba");
        assertThat(scene.unlock("b", 0, 9)).containsExactly(upgrade);
        assertThat(scene.held()).isEqualTo("a:0-9w");
    }

    @Test
    void upgraderPassesAWriterThatWaitsForItAnyway() {
        scene.hold(read("a", 0, 9));
        scene.hold(read("b", 0, 9));
        Ticket writer = scene.await(write("c", 0, 9));
        Ticket upgrade = scene.await(write("a", 0, 9));

        assertThat(scene.unlock("b", 0, 9)).containsExactly(upgrade);
        assertThat(scene.unlock("a", 0, 9)).containsExactly(writer);
    }

    @Test
    void onlyReaderUpgradesAtOncePastAQueuedWriter() {
        scene.hold(read("a", 0, 9));
        Ticket writer = scene.await(write("c", 0, 9));

        assertThat(scene.ask(write("a", 0, 9), LockPolicy.WAIT))
                .isEqualTo(new LockOutcome.Granted());
        assertThat(scene.unlock("a", 0, 9)).containsExactly(writer);
    }

    @Test
    void cycleAcrossTwoFilesIsRefused() {
        scene.hold(write("a", file("x"), 0, 9));
        scene.hold(write("b", file("y"), 0, 9));
        scene.await(write("a", file("y"), 5, 5));

        assertThat(scene.refused(read("b", file("x"), 0, 0))).isEqualTo("ba");
    }

    @Test
    void cycleThatOnlyTheOrderMakesIsUndoneByTheOrder() {
        scene.hold(read("h", 0, 9));
        Ticket writer = scene.await(write("w", 0, 9));
        // "r" would stand behind the writer, and the writer would wait for it.
        scene.hold(read("r", 20, 29));
        Ticket second = scene.await(write("w", 20, 29));

        assertThat(scene.ask(read("r", 0, 9), LockPolicy.WAIT))
                .isEqualTo(new LockOutcome.Granted());
        assertThat(scene.unlock("h", 0, 9)).isEmpty();
        assertThat(scene.unlock("r", 0, 29)).containsExactly(writer, second);
    }

    @Test
    void cycleThatOnlyTheOrderMakesAcrossFilesIsUndoneByTheOrder() {
        FileId x = file("x");
        FileId y = file("y");
        scene.hold(write("h", x, 0, 0));
        scene.hold(write("h", y, 0, 0));
        Ticket aOnX = scene.await(write("a", x, 0, 0));
        Ticket bOnY = scene.await(write("b", y, 0, 0));
        // First come on y is b, first come on x is a: each would wait for the other one's turn.
        Ticket aOnY = scene.await(write("a", y, 0, 0));
        Ticket bOnX = scene.await(write("b", x, 0, 0));

        List<Ticket> order = new ArrayList<>(scene.release("h"));
        for (String owner : List.of("a", "b", "a", "b")) {
            order.addAll(scene.unlock(owner, x, 0, 0));
            order.addAll(scene.unlock(owner, y, 0, 0));
        }
        assertThat(order).containsExactlyInAnyOrder(aOnX, bOnY, aOnY, bOnX);
        assertThat(scene.table.waiting(Scope.everything())).isEmpty();
    }

    @Test
    void ownerThatWaitsTwiceIsFoundThroughEitherRequest() {
        scene.hold(write("a", 0, 0));
        scene.hold(write("b", 10, 10));
        scene.hold(write("c", 20, 20));
        scene.await(write("a", 10, 10));
        scene.await(write("a", 20, 20));

        assertThat(scene.refused(write("b", 0, 0))).isEqualTo("ba");
        assertThat(scene.refused(write("c", 0, 0))).isEqualTo("ca");
    }

    @Test
    void cancelThatBreaksTheChainMakesTheRequestPossible() {
        scene.hold(write("a", 0, 0));
        scene.hold(write("b", 10, 10));
        scene.hold(write("c", 20, 20));
        scene.await(write("a", 10, 10));
        Ticket middle = scene.await(write("b", 20, 20));
        assertThat(scene.refused(write("c", 0, 0))).isEqualTo("cab");

        assertThat(scene.table.cancel(middle).status()).isEqualTo(CancelResult.Status.CANCELLED);
        scene.await(write("c", 0, 0));
    }

    @Test
    void cancelGrantsWhoStoodBehindOnly() {
        scene.hold(write("a", 0, 0));
        scene.hold(write("b", 2, 2));
        Ticket c = scene.await(write("c", 1, 2));
        Ticket d = scene.await(write("d", 0, 1));
        assertThat(scene.unlock("a", 0, 0)).isEmpty();

        assertThat(Scene.granted(scene.table.cancel(c).effects())).containsExactly(d);
    }

    @Test
    void tryThatWouldCloseACycleIsDeniedAndNothingElse() {
        scene.hold(write("a", 0, 0));
        scene.hold(read("b", 10, 10));
        scene.await(write("b", 0, 0));
        Ticket writer = scene.await(write("c", 10, 10));
        scene.hold(write("c", 30, 30));
        scene.await(write("d", 30, 30));

        // "d" waits for "c"; passing c's request would make c wait for d.
        LockOutcome outcome = scene.ask(read("d", 10, 10), LockPolicy.TRY);
        assertThat(outcome.status()).isEqualTo(LockOutcome.Status.DENIED);
        assertThat(((LockOutcome.Denied) outcome).conflict())
                .isEqualTo(new WaitingLock(writer, write("c", 10, 10)));
    }
}
