package org.oncrpckit.nlm.daemon;

import java.io.IOException;
import java.nio.file.Path;
import org.oncrpckit.nlm.reclaim.FileReclaimJournal;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.nsm.BootId;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;

/** Which reclaims are believed. */
public enum ReclaimMode {
    /** All of them. */
    TRUST,
    /** Those of locks that a journal shows as held. */
    VERIFY;

    private static final String FILE = "held.journal";

    /** The journal in a state folder that is this process's own by now. */
    ReclaimJournal open(Path stateFolder, Teardown teardown) throws StartupException {
        Path file = stateFolder.resolve(FILE);
        try {
            if (this == TRUST) {
                FileReclaimJournal.remove(file);
                return ReclaimJournal.trust();
            }
            FileReclaimJournal journal =
                    FileReclaimJournal.open(
                            file, BootId.current().orElse(""), ReclaimMode::inBackground);
            teardown.add(journal);
            return journal;
        } catch (IOException e) {
            throw new StartupException(
                    "reclaim journal "
                            + file
                            + ": "
                            + e
                            + "; mend that, choose another folder with --state-dir, or use"
                            + " --reclaim trust and remove it",
                    e);
        }
    }

    /** There is one rewrite at a time, and seldom one. */
    private static void inBackground(Runnable rewrite) {
        Thread thread = new Thread(rewrite, "nlmd-journal");
        thread.setDaemon(true);
        thread.start();
    }
}
