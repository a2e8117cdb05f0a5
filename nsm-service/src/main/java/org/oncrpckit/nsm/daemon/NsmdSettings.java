package org.oncrpckit.nsm.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;

/**
 * What the command line asked for.
 *
 * @param listen addresses to serve
 * @param addressInterval how often it is looked for addresses that have come or gone
 * @param port port of program 100024, UDP and TCP; 0 lets the daemon pick
 * @param rpcbind whether to register
 * @param stateFolder monitored hosts and state number
 * @param callBacks what local services may have called back
 */
record NsmdSettings(
        ListenAddresses listen,
        Duration addressInterval,
        int port,
        RpcbindMode rpcbind,
        Path stateFolder,
        List<AllowedCallBack> callBacks) {
    NsmdSettings {
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(addressInterval, "addressInterval");
        Objects.requireNonNull(rpcbind, "rpcbind");
        Objects.requireNonNull(stateFolder, "stateFolder");
        callBacks = List.copyOf(callBacks);
    }

    /** The same with the port that was picked. */
    NsmdSettings withPort(int picked) {
        return new NsmdSettings(listen, addressInterval, picked, rpcbind, stateFolder, callBacks);
    }

    /**
     * A procedure that may be called back.
     *
     * @param program program number, as unsigned bits
     * @param procedure procedure number, as unsigned bits
     */
    record AllowedCallBack(int program, int procedure) {
        /** Reads "100021:16". */
        static AllowedCallBack parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length == 2) {
                try {
                    return new AllowedCallBack(
                            Integer.parseUnsignedInt(parts[0]), Integer.parseUnsignedInt(parts[1]));
                } catch (NumberFormatException e) {
                    // Said below.
                }
            }
            throw new IllegalArgumentException(
                    text + " (expected: PROGRAM:PROCEDURE, two numbers)");
        }
    }
}
