package org.oncrpckit.nlm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.Share;
import org.oncrpckit.lock.ShareOutcome;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.ShareArgs;
import org.oncrpckit.rpc.transport.Timers;

/**
 * DOS share reservations (XNFS, SHARE and UNSHARE), and FREE_ALL. A share never waits. One owner
 * may take any number of them on one file, the same one more than once, and gives each back by
 * naming it. Thread-safe.
 */
final class ShareOperations {
    /** Shares have no svid: the owner handle alone says who it is. */
    private static final int NO_SVID = 0;

    /** Nor do they say a status monitor number. */
    private static final int NO_NUMBER = 0;

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final FileHandles handles;
    private final RemoteOwners owners;
    private final GracePeriod grace;
    private final Admission admission;
    private final LockSteps steps;
    private final Timers timers;
    private final Events events;

    ShareOperations(
            LockDesk desk,
            HostRegistry hosts,
            FileHandles handles,
            RemoteOwners owners,
            GracePeriod grace,
            Admission admission,
            LockSteps steps,
            Timers timers,
            Events events) {
        this.desk = desk;
        this.hosts = hosts;
        this.handles = handles;
        this.owners = owners;
        this.grace = grace;
        this.admission = admission;
        this.steps = steps;
        this.timers = timers;
        this.events = events;
    }

    /** SHARE. */
    Decision share(Caller caller, ShareArgs args) {
        FileHandleResolver.Resolution resolution =
                handles.resolve(caller, args.fileHandle(), purpose(args.mode().access()));
        if (resolution instanceof FileHandleResolver.Refused refused) {
            return Answer.of(refused.status());
        }
        if (!args.reclaim() && grace.isActive()) {
            return Answer.of(NlmStatus.DENIED_GRACE_PERIOD);
        }
        return share(caller, args, ((FileHandleResolver.Resolved) resolution).id(), null);
    }

    private Decision share(
            Caller caller, ShareArgs args, FileId file, @Nullable ClientHost headOf) {
        Optional<ClientHost> known = hosts.findOrAdd(caller.client());
        if (known.isEmpty()) {
            return Answer.of(NlmStatus.DENIED_NOLOCKS);
        }
        ClientHost host = known.get();
        try (Turn turn = desk.turn(host)) {
            Admission.Verdict verdict =
                    admission.admit(turn, host, caller, args.callerName(), NO_NUMBER, true, headOf);
            if (verdict != Admission.Verdict.NOT_YET) {
                return Answer.of(
                        verdict == Admission.Verdict.IN
                                ? take(turn, host, host.state(), caller, file, args)
                                : NlmStatus.DENIED_NOLOCKS);
            }
        }
        return admission.retry(
                host, caller, args.callerName(), headOf, () -> share(caller, args, file, host));
    }

    /** UNSHARE: always GRANTED, in grace too, whether or not there was anything to give back. */
    Decision unshare(Caller caller, ShareArgs args) {
        return unshare(caller, args, null);
    }

    private Decision unshare(Caller caller, ShareArgs args, @Nullable ClientHost headOf) {
        Optional<ClientHost> known = hosts.find(caller.client());
        Optional<FileId> file = handles.toGiveBack(caller, args.fileHandle());
        return known.isPresent() && file.isPresent()
                ? giveBack(known.get(), caller, file.get(), args, headOf)
                : Answer.of(NlmStatus.GRANTED);
    }

    /**
     * FREE_ALL: the calling host gives back all it has, as it does when it has restarted. The name
     * in it frees nothing of anybody else's.
     */
    Decision freeAll(Caller caller) {
        return freeAll(caller, null);
    }

    private Decision freeAll(Caller caller, @Nullable ClientHost headOf) {
        Optional<ClientHost> known = hosts.find(caller.client());
        if (known.isPresent()) {
            ClientHost host = known.get();
            if (desk.read(host, state -> Admission.mustWait(host, state, headOf))) {
                return admission.inOrder(host, () -> freeAll(caller, host));
            }
            hosts.release(caller.client().address());
        }
        return Answer.of(NlmStatus.GRANTED);
    }

    private NlmStatus take(
            Turn turn,
            ClientHost host,
            HostState state,
            Caller caller,
            FileId file,
            ShareArgs args) {
        LockOwner owner = owner(caller, args, state.system);
        if (args.reclaim() && !steps.isTrue(host, owner, file, args.mode())) {
            turn.afterwards(() -> events.reclaimRefused(host.address().address()));
            return NlmStatus.DENIED;
        }
        if (!steps.hasRoom(turn, host, state)) {
            return NlmStatus.DENIED_NOLOCKS;
        }
        ShareOutcome outcome = turn.share(owner, file, args.mode());
        return switch (outcome.status()) {
            case GRANTED -> {
                state.claims.open(owner, file, args.callerName(), timers).shares = true;
                state.budget.spend();
                if (args.reclaim()) {
                    grace.reclaimed(host.address());
                }
                yield NlmStatus.GRANTED;
            }
            case DENIED -> NlmStatus.DENIED;
            case LIMIT_REACHED -> {
                long max = ((ShareOutcome.LimitReached) outcome).max();
                turn.afterwards(
                        () -> events.limitReached(host.address().address(), "locksMax", max));
                yield NlmStatus.DENIED_NOLOCKS;
            }
        };
    }

    private Decision giveBack(
            ClientHost host,
            Caller caller,
            FileId file,
            ShareArgs args,
            @Nullable ClientHost headOf) {
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            steps.heard(state);
            if (!Admission.mustWait(host, state, headOf)) {
                LockOwner owner = owner(caller, args, state.system);
                turn.unshare(owner, file, args.mode());
                state.claims
                        .find(owner, file)
                        .ifPresent(claim -> state.claims.doubt(claim, desk.table()));
                return Answer.of(NlmStatus.GRANTED);
            }
        }
        return admission.inOrder(host, () -> unshare(caller, args, host));
    }

    private LockOwner owner(Caller caller, ShareArgs args, SystemId system) {
        return owners.get(caller.route(), NO_SVID, args.ownerHandle(), system);
    }

    private static FileHandleResolver.Purpose purpose(Share access) {
        return switch (access) {
            case NONE -> FileHandleResolver.Purpose.TEST;
            case READ -> FileHandleResolver.Purpose.LOCK_SHARED;
            case WRITE, READ_WRITE -> FileHandleResolver.Purpose.LOCK_EXCLUSIVE;
        };
    }
}
