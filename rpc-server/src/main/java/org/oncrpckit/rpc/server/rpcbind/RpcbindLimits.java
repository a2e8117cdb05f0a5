package org.oncrpckit.rpc.server.rpcbind;

/**
 * What an embedded rpcbind keeps at the most.
 *
 * @param registrationsMax registrations, those of rpcbind itself included; further ones are refused
 * @param textBytesMax longest netid or address that is registered, in bytes
 * @param countedServicesMax services that questions are counted for; the others stay uncounted
 */
public record RpcbindLimits(int registrationsMax, int textBytesMax, int countedServicesMax) {
    /** 1,024 registrations with texts of 128 bytes, 256 services counted. */
    public static final RpcbindLimits DEFAULT = new RpcbindLimits(1_024, 128, 256);

    /** What the lists of the protocol's codecs hold. */
    private static final int LIST_MAX = 4_096;

    /** Checks the limits. */
    public RpcbindLimits {
        check("registrationsMax", registrationsMax, LIST_MAX);
        check("textBytesMax", textBytesMax, 1_024);
        check("countedServicesMax", countedServicesMax, LIST_MAX);
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    name + " " + value + " (expected: 1 to " + max + ")");
        }
    }
}
