package org.oncrpckit.lock.example;

import java.io.PrintStream;
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

/** The example of the README. */
final class TwoEditors {
    private final PrintStream out;

    TwoEditors(PrintStream out) {
        this.out = out;
    }

    // README begins here
    void run() {
        LockTable table = LockTable.builder().build();
        FileId file = FileId.of("/srv/report.txt".getBytes(StandardCharsets.UTF_8));
        LockOwner anna = owner("anna", 100);
        LockOwner bert = owner("bert", 200);

        LockRange header = new LockRange(0, 99);
        ask(table, new LockRequest(file, anna, header, LockMode.EXCLUSIVE));
        ask(table, new LockRequest(file, bert, LockRange.ALL, LockMode.SHARED));
        deliver(table.unlock(anna, file, header));
        table.held(Scope.of(file)).forEach(out::println);
    }

    private static LockOwner owner(String name, long pid) {
        return LockOwner.of(SystemId.LOCAL, name.getBytes(StandardCharsets.UTF_8), pid);
    }

    private void ask(LockTable table, LockRequest request) {
        LockResult result = table.lock(request, LockPolicy.WAIT);
        LockOutcome outcome = result.outcome();
        switch (outcome.status()) {
            case GRANTED -> out.println("granted at once");
            case WAITING -> out.println("waits as " + ((LockOutcome.Waiting) outcome).ticket());
            case DEADLOCK -> out.println("never: " + ((LockOutcome.Deadlock) outcome).cycle());
            case DENIED, LIMIT_REACHED -> out.println("no: " + outcome);
        }
        deliver(result.effects());
    }

    /** The table calls nobody: tell those concerned, in this order, holding no lock of your own. */
    private void deliver(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect.kind()) {
                case GRANTED -> out.println(effect.ticket() + " is granted");
                case ENDED -> out.println(effect.ticket() + " ended");
            }
        }
    }
    // README ends here
}
