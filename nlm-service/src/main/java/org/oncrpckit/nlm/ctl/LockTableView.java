package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;
import org.oncrpckit.nlm.admin.LockLine;
import org.oncrpckit.nlm.admin.OwnerLine;

/** Locks and waiting requests as a table for people. */
final class LockTableView {
    private static final String FORMAT = "%-10s  %-20s  %5s  %-15s  %-20s  %-16s  %s%n";

    private final PrintStream out;
    private boolean doubts;

    LockTableView(PrintStream out) {
        this.out = out;
        out.printf(FORMAT, "MODE", "RANGE", "AGE", "HOST", "NAME", "OWNER", "FILE");
    }

    void line(LockLine line) {
        doubts |= line.unconfirmed();
        out.printf(
                FORMAT,
                line.mode() + (line.unconfirmed() ? "?" : ""),
                line.range(),
                Ages.text(line.ageSeconds()),
                line.who().host(),
                name(line.who()),
                line.who().id(),
                FileName.text(line.file()));
    }

    void end() {
        if (doubts) {
            out.println("?  granted by a call-back that the client has not confirmed");
        }
    }

    /** A column must not be empty, or words move to the left of where they belong. */
    static String name(OwnerLine who) {
        return who.name().isEmpty() ? "-" : who.name();
    }
}
