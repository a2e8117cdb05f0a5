package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.ClientRole;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.WireRange;

/**
 * What servers send: a grant is ours if one of our requests waits for just that, or the lock is
 * held; results go to the one-way call that they answer. Thread-safe.
 */
final class CallsOfServers implements ClientRole {
    private final Turns turns;
    private final BlockedLocks waits;
    private final HeldLocks held;
    private final OneWayCalls oneWay;

    /** Servers that were ever asked for a lock. Looked at in turns. */
    private final Set<NlmServer> servers = new HashSet<>();

    CallsOfServers(Turns turns, BlockedLocks waits, HeldLocks held, OneWayCalls oneWay) {
        this.turns = turns;
        this.waits = waits;
        this.held = held;
        this.oneWay = oneWay;
    }

    /** From now on this server may say that a lock is granted. To be called in a turn. */
    void expectFrom(NlmServer server) {
        assert turns.isTaken();
        servers.add(server);
    }

    @Override
    public CompletionStage<NlmStatus> granted(Sender sender, TestArgs grant) {
        boolean ours =
                sender.version()
                        .range(grant.lock())
                        .filter(range -> grant.lock().fileHandle().length() > 0)
                        .filter(range -> WireRange.offset(range) == range.first())
                        .map(range -> granted(sender.server(), grant, range))
                        .orElse(false);
        return CompletableFuture.completedFuture(ours ? NlmStatus.GRANTED : NlmStatus.DENIED);
    }

    private boolean granted(InetAddress address, TestArgs grant, LockRange range) {
        LockMode mode = grant.exclusive() ? LockMode.EXCLUSIVE : LockMode.SHARED;
        NlmOwner owner = new NlmOwner(grant.lock().svid(), grant.lock().ownerHandle());
        return turns.take(
                turn -> {
                    boolean ours = false;
                    for (NlmServer each : servers) {
                        if (each.address().equals(address)) {
                            ours |=
                                    granted(
                                            turn,
                                            new NlmLock(
                                                    each,
                                                    grant.lock().fileHandle(),
                                                    owner,
                                                    range,
                                                    mode));
                        }
                    }
                    return ours;
                });
    }

    private boolean granted(Turns.Turn turn, NlmLock lock) {
        boolean ours = held.covers(lock);
        for (BlockedLock each : waits.of(LaneKey.of(lock))) {
            if (each.lock().equals(lock)) {
                each.granted(turn);
                ours = true;
            }
        }
        return ours;
    }

    @Override
    public void testAnswered(Sender sender, TestReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void lockAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void cancelAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }

    @Override
    public void unlockAnswered(Sender sender, StatusReply reply) {
        oneWay.answered(sender.server(), reply.cookie(), reply);
    }
}
