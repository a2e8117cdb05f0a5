package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;

/** The procedures of one version of a program: a table, or one handler for all of them. */
sealed interface ServedVersion {
    /** What serves a procedure, or null. */
    @Nullable ServedProcedure<?, ?> procedure(int number);

    /**
     * Each procedure by itself.
     *
     * @param procedures by number
     */
    record Table(NumberTable<ServedProcedure<?, ?>> procedures) implements ServedVersion {
        @Override
        public @Nullable ServedProcedure<?, ?> procedure(int number) {
            return procedures.get(number);
        }
    }

    /**
     * One handler for every number.
     *
     * @param exceptions procedures that are repeated in another way than the usual one
     * @param usual all others
     */
    record Raw(NumberTable<ServedProcedure<?, ?>> exceptions, ServedProcedure<?, ?> usual)
            implements ServedVersion {
        @Override
        public ServedProcedure<?, ?> procedure(int number) {
            ServedProcedure<?, ?> exception = exceptions.get(number);
            return exception == null ? usual : exception;
        }
    }
}
