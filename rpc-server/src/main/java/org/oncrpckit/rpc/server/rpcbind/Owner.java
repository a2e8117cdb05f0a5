package org.oncrpckit.rpc.server.rpcbind;

/**
 * Who registers.
 *
 * @param name as lists of registrations show it
 */
record Owner(String name) {
    /** Root, as rpcbind has always called it. */
    static final Owner SUPERUSER = new Owner("superuser");

    boolean mayTakeBack(String owner) {
        return equals(SUPERUSER) || name.equals(owner);
    }
}
