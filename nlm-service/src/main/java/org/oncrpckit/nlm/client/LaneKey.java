package org.oncrpckit.nlm.client;

import org.oncrpckit.xdr.Opaque;

/**
 * One owner on one file of one server: whose calls keep their order.
 *
 * @param server the lock manager
 * @param file the file
 * @param owner whose
 */
record LaneKey(NlmServer server, Opaque file, NlmOwner owner) {
    static LaneKey of(NlmLock lock) {
        return new LaneKey(lock.server(), lock.file(), lock.owner());
    }
}
