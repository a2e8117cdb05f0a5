package org.oncrpckit.nsm.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.oncrpckit.nsm.FileNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;

/** The folder in which a daemon keeps its monitor's state, with {@code --state-dir} as its name. */
public final class StateFolder {
    private StateFolder() {}

    /**
     * Where state lives unless told otherwise: the system's place for root, else the user's.
     *
     * @param daemon name of the daemon
     */
    public static Path byDefault(String daemon) {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/lib", daemon);
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path base =
                xdg != null && !xdg.isEmpty()
                        ? Path.of(xdg)
                        : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve(daemon);
    }

    /**
     * Opens a monitor over the folder, which is made if it is missing, for this user only.
     *
     * @param teardown closes what was opened, also when this fails
     * @throws StartupException when the folder cannot be used, or another daemon uses it
     */
    public static NsmService open(Path folder, NsmService.Builder monitor, Teardown teardown)
            throws StartupException {
        FileNsmStore store = store(folder);
        try {
            NsmService service = monitor.open(store);
            teardown.add(service); // Which closes the store.
            return service;
        } catch (IOException e) {
            teardown.add(store);
            throw new StartupException(
                    "cannot write a new state number: "
                            + e.getMessage()
                            + "; make room, or choose another folder with --state-dir",
                    e);
        }
    }

    private static FileNsmStore store(Path folder) throws StartupException {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            return FileNsmStore.open(folder);
        } catch (IOException e) {
            String reason =
                    e instanceof AccessDeniedException denied
                            ? "no permission to write " + denied.getFile()
                            : e.getMessage();
            throw new StartupException(
                    "state folder " + folder + ": " + reason + "; choose another with --state-dir",
                    e);
        }
    }
}
