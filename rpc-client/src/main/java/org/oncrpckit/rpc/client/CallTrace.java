package org.oncrpckit.rpc.client;

import java.time.Duration;
import org.oncrpckit.rpc.Procedure;

/**
 * What became of a call that failed: enough to write the message that a person needs.
 *
 * @param target where it went
 * @param procedure what was called
 * @param xid transaction id, as unsigned bits; 0 when the call was never sent
 * @param elapsed from the caller's request to the failure
 * @param transmissions how often it was sent
 */
public record CallTrace(
        RpcTarget target, Procedure<?, ?> procedure, int xid, Duration elapsed, int transmissions) {
    @Override
    public String toString() {
        return procedure
                + " to "
                + target.transport()
                + " "
                + target.address()
                + ", xid "
                + Integer.toHexString(xid)
                + ", sent "
                + transmissions
                + " times in "
                + elapsed.toMillis()
                + " ms";
    }
}
