package org.oncrpckit.rpc.server;

import java.nio.ByteBuffer;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/**
 * Decides, on the I/O thread, whether a call that has found its procedure is executed, and where:
 * not at all when it is a duplicate or there is no room; at once; or by the workers of its program,
 * with a copy of its arguments.
 */
final class CallPlacement {
    private final ServerParts parts;

    CallPlacement(ServerParts parts) {
        this.parts = parts;
    }

    /**
     * Begins a call.
     *
     * @param sealed the bytes behind the header; valid until this method returns
     */
    void begin(ServedCall<?> call, ByteBuffer sealed) {
        ByteBuffer arguments;
        try {
            arguments = open(call, sealed);
        } catch (XdrException e) {
            call.garbage(e);
            return;
        }
        if (call.procedure().remembered() && isDuplicate(call, arguments)) {
            return;
        }
        WorkerPool workers = call.program().workers();
        if (workers != null) {
            handOver(call, workers, arguments);
        } else if (call.procedure().asynchronous()) {
            executeAndAwait(call, arguments);
        } else {
            call.execute(call.origin().reader().reset(arguments));
        }
    }

    private static ByteBuffer open(ServedCall<?> call, ByteBuffer sealed) throws XdrException {
        MessageSeal seal = call.caller().seal();
        return seal == MessageSeal.NONE
                ? sealed
                : seal.open(call.origin().reader().reset(sealed)).remainingBytes();
    }

    private boolean isDuplicate(ServedCall<?> call, ByteBuffer arguments) {
        CallKey key = call.key(arguments);
        ReplyCache.Known known = parts.replies().admit(key, parts.timers().nanoTime());
        if (known == null) {
            call.remember(key);
            return false;
        }
        if (known instanceof ReplyCache.Known.InProgress first) {
            // The reply goes to where the duplicate came from, unless it has gone already.
            first.execution().redirect(call.origin());
            known = parts.replies().find(key, parts.timers().nanoTime());
        }
        if (known instanceof ReplyCache.Known.Ended first && first.reply().hasRemaining()) {
            parts.sender().send(call.origin(), call.peer(), first.reply());
            Runnable repeated = first.repeated();
            if (repeated != null) {
                call.afterReply(repeated);
            }
            call.drop(CallOutcome.DUPLICATE_ANSWERED);
        } else {
            call.drop(CallOutcome.DUPLICATE_DROPPED);
        }
        return true;
    }

    /** The handler may answer at once: then the call was never one that waits for its answer. */
    private void executeAndAwait(ServedCall<?> call, ByteBuffer arguments) {
        boolean room = hasRoom(call);
        if (mayWait(call, room)) {
            int bytes = arguments.remaining();
            call.execute(call.origin().reader().reset(arguments));
            call.awaitAnswer(bytes, !room);
        }
    }

    private void handOver(ServedCall<?> call, WorkerPool workers, ByteBuffer arguments) {
        boolean room = workers.hasRoom() && hasRoom(call);
        if (!mayWait(call, room)) {
            return;
        }
        call.defer(arguments.remaining(), !room);
        ByteBuffer copy = ByteBuffer.allocate(arguments.remaining()).put(arguments).flip();
        call.startTimeLimit();
        submit(call, workers, copy);
    }

    private void submit(ServedCall<?> call, WorkerPool workers, ByteBuffer arguments) {
        if (!workers.execute(() -> executeWhenItMayReply(call, workers, arguments))) {
            call.programGone();
        }
    }

    /** Arguments take less memory than results: calls of a peer that does not read wait as such. */
    private void executeWhenItMayReply(
            ServedCall<?> call, WorkerPool workers, ByteBuffer arguments) {
        if (call.origin().gate().isOpen()) {
            call.execute(XdrReader.of(arguments));
            return;
        }
        call.stopTimeLimit();
        call.origin()
                .gate()
                .whenOpen(
                        () -> {
                            call.startTimeLimit();
                            submit(call, workers, arguments);
                        });
    }

    private boolean hasRoom(ServedCall<?> call) {
        return parts.loads().hasRoom(call.host());
    }

    /**
     * Whether a call may outlive its I/O thread's visit. Without room, a datagram is dropped: its
     * sender repeats it. A call that came over a connection was read already and is kept, but its
     * connection brings no more until it has ended.
     *
     * @return false when the call was dropped
     */
    private static boolean mayWait(ServedCall<?> call, boolean room) {
        if (!room && !call.endpoint().transport().isStream()) {
            call.drop(CallOutcome.OVERLOADED);
            return false;
        }
        return true;
    }
}
