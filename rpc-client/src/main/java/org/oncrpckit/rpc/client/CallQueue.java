package org.oncrpckit.rpc.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for their turn, first come, first served. The links are in the calls, so that
 * taking one out of the middle, when it is cancelled, costs O(1) and no memory. Not thread-safe: a
 * queue is guarded by the lock of the {@link Peer} that owns it.
 */
final class CallQueue {
    private @Nullable Call<?> first;
    private @Nullable Call<?> last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable Call<?> first() {
        return first;
    }

    void addLast(Call<?> call) {
        Call<?> before = last;
        call.previousInQueue = before;
        if (before == null) {
            first = call;
        } else {
            before.nextInQueue = call;
        }
        last = call;
        size++;
    }

    void addFirst(Call<?> call) {
        Call<?> after = first;
        call.nextInQueue = after;
        if (after == null) {
            last = call;
        } else {
            after.previousInQueue = call;
        }
        first = call;
        size++;
    }

    /** Takes out a call that is in this queue. */
    void remove(Call<?> call) {
        Call<?> before = call.previousInQueue;
        Call<?> after = call.nextInQueue;
        if (before == null) {
            first = after;
        } else {
            before.nextInQueue = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previousInQueue = before;
        }
        call.previousInQueue = null;
        call.nextInQueue = null;
        size--;
    }

    /** Takes out all calls of which this is true. */
    List<Call<?>> removeIf(Predicate<? super Call<?>> condition) {
        List<Call<?>> removed = new ArrayList<>();
        Call<?> next;
        for (Call<?> call = first; call != null; call = next) {
            next = call.nextInQueue;
            if (condition.test(call)) {
                remove(call);
                removed.add(call);
            }
        }
        return removed;
    }
}
