package org.oncrpckit.nlm;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;

/**
 * Keeps what a host asks for in the order in which it came, while the first of it has to wait until
 * the host is on stable storage. A client that is interrupted in that time sends CANCEL or UNLOCK
 * after the LOCK; if that came to the table first, the lock would be held for nobody. Thread-safe.
 */
final class RequestLine {
    /**
     * Requests of one host that wait at a time. More than the server lets a host have calls without
     * a reply, so it is a flood of messages that is refused.
     */
    static final int PLACES_MAX = 4_096;

    /** The line of one host; to be touched in its turns only. */
    static final class Places {
        private final Queue<Place> waiting = new ArrayDeque<>();
        private boolean headIsBusy;

        /** Whether something waits, so that what comes now has to join. */
        boolean isFormed() {
            return headIsBusy;
        }
    }

    /** A request, and its answer when there is one. */
    private record Place(Supplier<Decision> request, CompletableFuture<Answer> answer) {
        CompletableFuture<Answer> begin() {
            try {
                return request.get().stage().toCompletableFuture();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        /** Passes on what has been decided. */
        void end(@Nullable Answer result, @Nullable Throwable failure) {
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        }
    }

    private final LockDesk desk;
    private final Events events;

    RequestLine(LockDesk desk, Events events) {
        this.desk = desk;
        this.events = events;
    }

    /**
     * Has a request done after everything that the host has asked for earlier. To be called outside
     * of turns.
     *
     * @param request what is done when its turn has come; it must not join this line again
     */
    Decision join(ClientHost host, Supplier<Decision> request) {
        Place place = new Place(request, new CompletableFuture<>());
        boolean first;
        try (Turn turn = desk.turn(host)) {
            Places line = host.state().line;
            if (line.waiting.size() >= PLACES_MAX) {
                turn.afterwards(
                        () ->
                                events.limitReached(
                                        host.address().address(),
                                        "requestsWaitingPerHostMax",
                                        PLACES_MAX));
                return Answer.of(NlmStatus.DENIED_NOLOCKS);
            }
            first = !line.headIsBusy;
            if (first) {
                line.headIsBusy = true;
            } else {
                line.waiting.add(place);
            }
        }
        if (first) {
            move(host, place);
        }
        return new Decision.Later(place.answer());
    }

    /** Does one after the other, in a loop and not in one another, as far as none has to wait. */
    private void move(ClientHost host, Place head) {
        Optional<Place> current = Optional.of(head);
        while (current.isPresent()) {
            Place place = current.get();
            CompletableFuture<Answer> doing = place.begin();
            if (!doing.isDone()) {
                var unused =
                        doing.whenComplete(
                                (result, failure) -> {
                                    place.end(result, failure);
                                    next(host).ifPresent(it -> move(host, it));
                                });
                return;
            }
            var unused = doing.whenComplete(place::end);
            current = next(host);
        }
    }

    private Optional<Place> next(ClientHost host) {
        return desk.read(
                host,
                state -> {
                    Optional<Place> next = Optional.ofNullable(state.line.waiting.poll());
                    state.line.headIsBusy = next.isPresent();
                    return next;
                });
    }
}
