package org.oncrpckit.examples;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockResult;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.SystemId;

/** The lock table on its own: no RPC, no threads; what happens comes back as values. */
public final class EmbeddedLockTable {
    private EmbeddedLockTable() {}

    /** Anna locks, Bert waits, Anna unlocks: the lock is Bert's in that very moment. */
    public static void main(String[] arguments) {
        // [locks]
        LockTable table = LockTable.builder().build();
        FileId file = FileId.of("/srv/report.txt".getBytes(StandardCharsets.UTF_8));
        LockOwner anna = owner("anna", 100);
        LockOwner bert = owner("bert", 200);

        LockRange header = new LockRange(0, 99);
        ask(table, new LockRequest(file, anna, header, LockMode.EXCLUSIVE));
        ask(table, new LockRequest(file, bert, LockRange.ALL, LockMode.SHARED));
        deliver(table.unlock(anna, file, header));
        table.held(Scope.of(file)).forEach(System.out::println);
        // [end]
    }

    // [effects]
    private static LockOwner owner(String name, long pid) {
        return LockOwner.of(SystemId.LOCAL, name.getBytes(StandardCharsets.UTF_8), pid);
    }

    private static void ask(LockTable table, LockRequest request) {
        LockResult result = table.lock(request, LockPolicy.WAIT);
        LockOutcome outcome = result.outcome();
        String answer =
                switch (outcome.status()) {
                    case GRANTED -> "granted at once";
                    case WAITING -> "waits as " + ((LockOutcome.Waiting) outcome).ticket();
                    case DEADLOCK -> "never: " + ((LockOutcome.Deadlock) outcome).cycle();
                    case DENIED, LIMIT_REACHED -> "no: " + outcome;
                };
        System.out.println(answer);
        deliver(result.effects());
    }

    /** The table calls nobody: tell those concerned, in this order, holding no lock of your own. */
    private static void deliver(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect.kind()) {
                case GRANTED -> System.out.println(effect.ticket() + " is granted");
                case ENDED -> System.out.println(effect.ticket() + " ended");
            }
        }
    }
    // [end]
}
