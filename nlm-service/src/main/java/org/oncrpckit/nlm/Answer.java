package org.oncrpckit.nlm;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.nlm.protocol.NlmStatus;

/**
 * The answer to a LOCK or a SHARE.
 *
 * @param status for the reply
 * @param afterReply to be run when the reply has left, or it is certain that none will; null when
 *     nothing waits for that
 * @param cycle who would wait for whom, when it is DEADLOCK; otherwise empty
 */
record Answer(NlmStatus status, @Nullable Runnable afterReply, List<LockOwner> cycle)
        implements Decision {
    private static final Map<NlmStatus, Answer> PLAIN = new EnumMap<>(NlmStatus.class);

    static {
        for (NlmStatus each : NlmStatus.values()) {
            PLAIN.put(each, new Answer(each, null, List.of()));
        }
    }

    /** Nothing but a status. */
    static Answer of(NlmStatus status) {
        return Objects.requireNonNull(PLAIN.get(status));
    }
}
