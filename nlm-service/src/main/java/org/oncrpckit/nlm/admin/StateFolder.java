package org.oncrpckit.nlm.admin;

import java.nio.file.Path;

/** Where a daemon keeps what must survive it, and where its control socket is. */
public final class StateFolder {
    private StateFolder() {}

    /** The control socket's place in a state folder. */
    public static Path controlSocket(Path stateFolder) {
        return stateFolder.resolve("nlmd.sock");
    }

    /** Where state lives unless told otherwise: the system's place for root, else the user's. */
    public static Path defaultPlace() {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/lib/nlmd");
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path base =
                xdg != null && !xdg.isEmpty()
                        ? Path.of(xdg)
                        : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("nlmd");
    }
}
