package org.oncrpckit.nlm.admin;

import java.nio.file.Path;

/** Where a daemon keeps what must survive it, and where its control socket is. */
public final class NlmdStateFolder {
    private NlmdStateFolder() {}

    /** The control socket's place in a state folder. */
    public static Path controlSocket(Path stateFolder) {
        return stateFolder.resolve("nlmd.sock");
    }

    /** Where state lives unless told otherwise: the system's place for root, else the user's. */
    public static Path defaultPlace() {
        return org.oncrpckit.nsm.daemon.StateFolder.byDefault("nlmd");
    }
}
