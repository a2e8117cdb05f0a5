package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.lock.Scene.read;
import static org.oncrpckit.lock.Scene.write;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairnessTest {
    @Test
    void writerGetsInHoweverManyReadersKeepComing() {
        Scene scene = new Scene();
        scene.hold(read("r0", 0, 9));
        Ticket writer = scene.await(write("w", 0, 9));
        List<Ticket> readers = new ArrayList<>();
        for (int i = 1; i < 50; i++) {
            readers.add(scene.await(read("r" + i, 0, 9)));
        }

        assertThat(scene.unlock("r0", 0, 9)).containsExactly(writer);
        assertThat(scene.unlock("w", 0, 9)).isEqualTo(readers);
    }

    @Test
    void smallRangesDoNotStarveALargeOne() {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 0));
        Ticket large = scene.await(write("large", 0, 99));
        Ticket small = scene.await(write("small", 50, 50));

        assertThat(scene.unlock("a", 0, 0)).containsExactly(large);
        assertThat(scene.unlock("large", 0, 99)).containsExactly(small);
    }

    @Test
    void waitersOnOneRangeAreServedInOrderOfArrival() {
        Scene scene = new Scene();
        scene.hold(write("0", 0, 0));
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 1; i < 30; i++) {
            tickets.add(scene.await(write("" + i, 0, 0)));
        }
        for (int i = 0; i + 1 < 30; i++) {
            assertThat(scene.unlock("" + i, 0, 0)).containsExactly(tickets.get(i));
        }
    }

    @Test
    void requestThatMeetsNoneOfTheQueueDoesNotWaitForIt() {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 9));
        scene.await(write("b", 0, 9));

        assertThat(scene.ask(write("c", 10, 19), LockPolicy.WAIT))
                .isEqualTo(new LockOutcome.Granted());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8})
    void triesPassAWaiterAtMostSoOften(int overtakingsMax) {
        Scene scene = new Scene(overtakingsMax);
        scene.hold(read("r", 0, 9));
        Ticket writer = scene.await(write("w", 0, 9));
        for (int i = 0; i < overtakingsMax; i++) {
            scene.hold(read("t" + i, i, i));
        }
        LockOutcome next = scene.ask(read("t", 5, 5), LockPolicy.TRY);

        assertThat(next)
                .isEqualTo(new LockOutcome.Denied(new WaitingLock(writer, write("w", 0, 9))));
        assertThat(scene.table.test(read("t", 5, 5))).isEmpty();
    }

    @Test
    void passingAWaiterThatWaitsForUsDoesNotCount() {
        Scene scene = new Scene(0);
        scene.hold(write("a", 0, 9));
        Ticket waiter = scene.await(write("b", 0, 19));

        scene.hold(write("a", 10, 19));
        scene.hold(read("a", 0, 9));
        assertThat(scene.held()).isEqualTo("a:0-9r a:10-19w");
        assertThat(scene.unlock("a", 0, 19)).containsExactly(waiter);
    }

    @Test
    void unlockByOneReaderLeavesNoGapForANewcomer() {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 9));
        Ticket waiter = scene.await(write("b", 0, 9));

        assertThat(scene.unlock("a", 0, 9)).containsExactly(waiter);
        assertThat(scene.ask(write("c", 0, 9), LockPolicy.TRY))
                .isEqualTo(
                        new LockOutcome.Denied(
                                new HeldLock(
                                        Scene.FILE,
                                        Scene.owner("b"),
                                        new LockRange(0, 9),
                                        LockMode.EXCLUSIVE)));
    }

    @Test
    void downgradeLetsReadersIn() {
        Scene scene = new Scene();
        scene.hold(write("a", 0, 9));
        Ticket reader = scene.await(read("b", 3, 5));
        LockResult result = scene.table.lock(read("a", 0, 9), LockPolicy.WAIT);

        assertThat(result.outcome()).isEqualTo(new LockOutcome.Granted());
        assertThat(Scene.granted(result.effects())).containsExactly(reader);
    }
}
