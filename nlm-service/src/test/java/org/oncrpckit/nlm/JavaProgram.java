package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.Arrays;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.LockWait;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmOwner;
import org.oncrpckit.rpc.transport.Transport;

/** One owner of our own client, who believes what its answers say. */
final class JavaProgram extends RandomProgram {
    /** Longer than anybody has patience while the script winds up. */
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final JavaClient host;
    private final Transport transport;
    private final NlmOwner owner;

    JavaProgram(Script script, JavaClient host, Transport transport) {
        super(script);
        this.host = host;
        this.transport = transport;
        this.owner = host.client.newOwner();
        host.onLost.add(this::lost);
    }

    private void lost(NlmLock lock) {
        if (lock.owner().equals(owner)) {
            LockRange range = lock.range().intersection(new LockRange(0, Script.BYTES - 1));
            believe((int) range.first(), (int) range.last(), ' ');
        }
    }

    private NlmLock lock(int first, int last, boolean exclusive) {
        LockMode mode = exclusive ? LockMode.EXCLUSIVE : LockMode.SHARED;
        return host.lock(transport, owner, World.FILE, new LockRange(first, last), mode);
    }

    @Override
    void waitFor(int first, int last, boolean exclusive) {
        Duration patience = script.millis(1000, 60_000);
        boolean byItself = script.random.nextBoolean();
        LockWait wait =
                host.client.lock(lock(first, last, exclusive), byItself ? patience : FOR_EVER);
        if (!byItself) {
            script.world.time.schedule(
                    patience,
                    () -> {
                        if (!script.isWinding()) {
                            var unused = wait.cancel();
                        }
                    });
        }
        var unused =
                wait.answer()
                        .whenComplete(
                                (answer, failure) -> answered(first, last, exclusive, answer));
    }

    @Override
    void tryLock(int first, int last, boolean exclusive) {
        var unused =
                host.client
                        .tryLock(lock(first, last, exclusive))
                        .whenComplete(
                                (answer, failure) -> answered(first, last, exclusive, answer));
    }

    /** Null is a failure: it does not know what it has. */
    private void answered(int first, int last, boolean exclusive, LockAnswer answer) {
        if (answer instanceof LockAnswer.Granted) {
            has(first, last, exclusive);
            think();
        } else if (answer instanceof LockAnswer.Denied || answer instanceof LockAnswer.GivenUp) {
            think();
        } else {
            closeAll(this::think);
        }
    }

    @Override
    void unlock(int first, int last) {
        var unused =
                host.client
                        .unlock(lock(first, last, true))
                        .whenComplete((done, failure) -> think());
    }

    @Override
    void close(Runnable next) {
        NlmLock all = host.lock(transport, owner, World.FILE, LockRange.ALL, LockMode.EXCLUSIVE);
        var unused =
                host.client
                        .unlock(all)
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        next.run();
                                    } else {
                                        close(next);
                                    }
                                });
    }

    @Override
    public String toString() {
        return host.address + " " + transport + " " + owner.svid() + Arrays.toString(belief);
    }
}
