package org.oncrpckit.nlm.relay;

import java.nio.file.Path;
import java.util.Objects;

/** Where a daemon's control socket is. */
public final class ControlSocket {
    private static final String NAME = "nlmd.sock";

    private ControlSocket() {}

    /** Where state lives unless told otherwise: the system's place for root, else the user's. */
    public static Path defaultStateFolder() {
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

    /** The socket's place in a state folder. */
    public static Path in(Path stateFolder) {
        return Objects.requireNonNull(stateFolder, "stateFolder").resolve(NAME);
    }

    /** The socket of a daemon that this user has started without naming a folder. */
    public static Path ofThisUser() {
        return in(defaultStateFolder());
    }
}
