package org.oncrpckit.lock;

import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whatever several threads do at once has the results and effects of some order in which one thread
 * could have done it. Lincheck searches interleavings for a counterexample; the table itself, used
 * by one thread, says what is right.
 */
@Param(name = "owner", gen = IntGen.class, conf = "0:2")
@Param(name = "file", gen = IntGen.class, conf = "0:1")
@Param(name = "byte", gen = IntGen.class, conf = "0:1")
@Param(name = "ticket", gen = IntGen.class, conf = "1:3")
public class LinearizabilityTest {
    /** {@code -Dscenarios=N} tries so many, by both strategies. */
    private static final int SCENARIOS = Integer.getInteger("scenarios", 20);

    private final LockTable table = LockTable.builder().overtakingsMax(1).shards(2).build();

    private static LockOwner owner(int owner) {
        return LockOwner.of(SystemId.LOCAL, new byte[] {1}, owner);
    }

    private static FileId file(int file) {
        return FileId.of(new byte[] {(byte) file});
    }

    private String lock(int owner, int file, int to, LockMode mode, LockPolicy policy) {
        LockRange range = new LockRange(0, to);
        return table.lock(new LockRequest(file(file), owner(owner), range, mode), policy)
                .toString();
    }

    /** Asks for a shared lock, without waiting. */
    @Operation
    public String tryRead(
            @Param(name = "owner") int owner,
            @Param(name = "file") int file,
            @Param(name = "byte") int to) {
        return lock(owner, file, to, LockMode.SHARED, LockPolicy.TRY);
    }

    /** Asks for an exclusive lock. */
    @Operation
    public String awaitWrite(
            @Param(name = "owner") int owner,
            @Param(name = "file") int file,
            @Param(name = "byte") int to) {
        return lock(owner, file, to, LockMode.EXCLUSIVE, LockPolicy.WAIT);
    }

    /** Unlocks one byte. */
    @Operation
    public String unlock(
            @Param(name = "owner") int owner,
            @Param(name = "file") int file,
            @Param(name = "byte") int at) {
        return table.unlock(owner(owner), file(file), new LockRange(at, at)).toString();
    }

    /** Looks what an owner holds. */
    @Operation
    public String look(@Param(name = "owner") int owner, @Param(name = "file") int file) {
        return table.held(owner(owner), file(file), LockRange.ALL, 2).toString();
    }

    /** Cancels. */
    @Operation
    public String cancel(@Param(name = "ticket") int ticket) {
        return table.cancel(new Ticket(ticket)).toString();
    }

    /** Releases an owner. */
    @Operation
    public String release(@Param(name = "owner") int owner) {
        List<Effect> effects = table.releaseOwner(owner(owner));
        return effects.toString();
    }

    /**
     * Every interleaving up to some bound, one by one: minutes on a quiet machine, so only on
     * request.
     */
    @Test
    @EnabledIfSystemProperty(named = "scenarios", matches = "\\d+")
    @Timeout(3600)
    void modelChecking() {
        new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(0)
                .check(LinearizabilityTest.class);
    }

    @Test
    void stress() {
        new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(0)
                .check(LinearizabilityTest.class);
    }
}
