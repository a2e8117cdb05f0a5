package org.oncrpckit.nlm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.Holder;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nlm.protocol.WireRange;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/**
 * The operations of the protocol, once, in the terms of version 4. Whichever version and whichever
 * shape of procedure a call came in, it is made one of these at the edge. Nothing here waits;
 * thread-safe.
 */
final class LockOperations {
    /** An owner that no table has: for hosts that have never locked anything. */
    private static final SystemId NOBODY = new SystemId(-1L, 0);

    private final LockDesk desk;
    private final HostRegistry hosts;
    private final FileHandles handles;
    private final RemoteOwners owners;
    private final GracePeriod grace;
    private final Admission admission;
    private final Grants grants;
    private final LockSteps steps;
    private final KeptPlaces places;

    LockOperations(
            LockDesk desk,
            HostRegistry hosts,
            FileHandles handles,
            RemoteOwners owners,
            GracePeriod grace,
            Admission admission,
            Grants grants,
            LockSteps steps,
            KeptPlaces places) {
        this.desk = desk;
        this.hosts = hosts;
        this.handles = handles;
        this.owners = owners;
        this.grace = grace;
        this.admission = admission;
        this.grants = grants;
        this.steps = steps;
        this.places = places;
    }

    /** TEST: who is in the way? Changes nothing, and makes nobody known. */
    TestOutcome test(Caller caller, TestArgs args) {
        FileHandleResolver.Resolution resolution =
                handles.resolve(caller, args.lock().fileHandle(), FileHandleResolver.Purpose.TEST);
        if (resolution instanceof FileHandleResolver.Refused refused) {
            return free(refused.status());
        }
        Optional<LockRange> range = range(caller, args.lock());
        if (range.isEmpty()) {
            return free(NlmStatus.FILE_TOO_BIG);
        }
        if (grace.isActive()) {
            return free(NlmStatus.DENIED_GRACE_PERIOD);
        }
        LockRequest request =
                new LockRequest(
                        ((FileHandleResolver.Resolved) resolution).id(),
                        owner(caller, args.lock(), system(caller)),
                        range.get(),
                        mode(args.exclusive()));
        return desk.table()
                .test(request)
                .<TestOutcome>map(lock -> new TestOutcome.Conflict(holder(lock)))
                .orElseGet(() -> free(NlmStatus.GRANTED));
    }

    /**
     * LOCK and NM_LOCK.
     *
     * @param monitored whether the host must be on stable storage first; nobody monitors the sender
     *     of NM_LOCK, so its status monitor number means nothing
     */
    Decision lock(Caller caller, LockArgs args, boolean monitored) {
        FileHandleResolver.Purpose purpose =
                args.exclusive()
                        ? FileHandleResolver.Purpose.LOCK_EXCLUSIVE
                        : FileHandleResolver.Purpose.LOCK_SHARED;
        FileHandleResolver.Resolution resolution =
                handles.resolve(caller, args.lock().fileHandle(), purpose);
        if (resolution instanceof FileHandleResolver.Refused refused) {
            return Answer.of(refused.status());
        }
        Optional<LockRange> range = range(caller, args.lock());
        if (range.isEmpty()) {
            return Answer.of(NlmStatus.FILE_TOO_BIG);
        }
        if (!args.reclaim() && grace.isActive()) {
            return Answer.of(NlmStatus.DENIED_GRACE_PERIOD);
        }
        FileId file = ((FileHandleResolver.Resolved) resolution).id();
        return lock(caller, args, monitored, file, range.get(), null);
    }

    private Decision lock(
            Caller caller,
            LockArgs args,
            boolean monitored,
            FileId file,
            LockRange range,
            @Nullable ClientHost headOf) {
        Optional<ClientHost> known = hosts.findOrAdd(caller.client());
        if (known.isEmpty()) {
            return Answer.of(NlmStatus.DENIED_NOLOCKS);
        }
        ClientHost host = known.get();
        HostName callerName = args.lock().callerName();
        Admission.Verdict verdict;
        Answer answer = Answer.of(NlmStatus.DENIED_NOLOCKS);
        try (Turn turn = desk.turn(host)) {
            int nsmState = monitored ? args.state() : 0;
            verdict = admission.admit(turn, host, caller, callerName, nsmState, monitored, headOf);
            if (verdict == Admission.Verdict.IN) {
                HostState state = host.state();
                LockOwner owner = owner(caller, args.lock(), state.system);
                LockRequest request = new LockRequest(file, owner, range, mode(args.exclusive()));
                answer = steps.lock(turn, host, state, caller, args, request);
            }
        }
        if (verdict == Admission.Verdict.NOT_YET) {
            return admission.retry(
                    host,
                    caller,
                    callerName,
                    headOf,
                    () -> lock(caller, args, monitored, file, range, host));
        }
        if (!answer.cycle().isEmpty() && places.giveUp(answer.cycle())) {
            // Each time there is less to give up.
            return lock(caller, args, monitored, file, range, headOf);
        }
        return answer;
    }

    /**
     * CANCEL: GRANTED unless the client has the lock already.
     *
     * @param oneWay whether it came as a {@code _MSG}
     */
    Decision cancel(Caller caller, CancelArgs args, boolean oneWay) {
        return cancel(caller, args, oneWay, null);
    }

    private Decision cancel(
            Caller caller, CancelArgs args, boolean oneWay, @Nullable ClientHost headOf) {
        WireLock lock = args.lock();
        Optional<ClientHost> known = hosts.find(caller.client());
        Optional<LockRange> range = range(caller, lock);
        Optional<FileId> file = handles.toGiveBack(caller, lock.fileHandle());
        if (known.isEmpty() || range.isEmpty() || file.isEmpty()) {
            return Answer.of(NlmStatus.GRANTED); // It can have nothing there.
        }
        ClientHost host = known.get();
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            steps.heard(state);
            if (!Admission.mustWait(host, state, headOf)) {
                LockRequest request =
                        new LockRequest(
                                file.get(),
                                owner(caller, lock, state.system),
                                range.get(),
                                mode(args.exclusive()));
                return Answer.of(steps.cancel(turn, host, state, request, oneWay));
            }
        }
        return admission.inOrder(host, () -> cancel(caller, args, oneWay, host));
    }

    /** UNLOCK: always GRANTED, in grace too, whether or not there was anything to unlock. */
    Decision unlock(Caller caller, UnlockArgs args) {
        return unlock(caller, args, null);
    }

    private Decision unlock(Caller caller, UnlockArgs args, @Nullable ClientHost headOf) {
        WireLock lock = args.lock();
        Optional<ClientHost> known = hosts.find(caller.client());
        Optional<LockRange> range = range(caller, lock);
        Optional<FileId> file = handles.toGiveBack(caller, lock.fileHandle());
        if (known.isEmpty() || range.isEmpty() || file.isEmpty()) {
            return Answer.of(NlmStatus.GRANTED);
        }
        ClientHost host = known.get();
        try (Turn turn = desk.turn(host)) {
            HostState state = host.state();
            steps.heard(state);
            if (!Admission.mustWait(host, state, headOf)) {
                LockOwner owner = owner(caller, lock, state.system);
                steps.unlock(turn, state, owner, file.get(), range.get(), lock.isWholeFile());
                return Answer.of(NlmStatus.GRANTED);
            }
        }
        return admission.inOrder(host, () -> unlock(caller, args, host));
    }

    /**
     * GRANTED_RES. Only the host that was called can answer, for only its cookies are looked at.
     */
    void grantedAnswered(Caller caller, StatusReply reply) {
        Optional<ClientHost> known = hosts.find(caller.client());
        if (known.isPresent()) {
            ClientHost host = known.get();
            try (Turn turn = desk.turn(host)) {
                grants.answered(turn, host, host.state(), reply.cookie(), reply.status());
            }
        }
    }

    /** The system of the caller's present life, without waiting for a turn of it. */
    private SystemId system(Caller caller) {
        return hosts.find(caller.client())
                .map(host -> desk.read(host, state -> state.system))
                .orElse(NOBODY);
    }

    private static Holder holder(HeldLock lock) {
        boolean exclusive = lock.mode() == LockMode.EXCLUSIVE;
        long offset = WireRange.offset(lock.range());
        long length = WireRange.length(lock.range());
        LockOwner owner = lock.owner();
        Opaque handle =
                owner.system().equals(SystemId.LOCAL)
                        ? Opaque.copyOf(owner.handle())
                        : RemoteOwner.of(owner).ownerHandle();
        return new Holder(exclusive, (int) owner.number(), handle, offset, length);
    }

    private LockOwner owner(Caller caller, WireLock lock, SystemId system) {
        return owners.get(caller.route(), lock.svid(), lock.ownerHandle(), system);
    }

    private static Optional<LockRange> range(Caller caller, WireLock lock) {
        return caller.version().range(lock);
    }

    private static LockMode mode(boolean exclusive) {
        return exclusive ? LockMode.EXCLUSIVE : LockMode.SHARED;
    }

    private static TestOutcome free(NlmStatus status) {
        return status == NlmStatus.DENIED
                ? new TestOutcome.Other(NlmStatus.FAILED)
                : new TestOutcome.Other(status);
    }
}
