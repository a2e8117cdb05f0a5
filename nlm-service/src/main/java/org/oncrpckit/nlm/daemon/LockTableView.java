package org.oncrpckit.nlm.daemon;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oncrpckit.nlm.admin.LockLine;
import org.oncrpckit.xdr.Opaque;

/** Listings of locks as a table for people. */
final class LockTableView {
    private static final String FORMAT = "%-10s%-24s%8s  %-44s%s%n";

    private LockTableView() {}

    static void print(List<LockLine> lines) {
        System.out.printf(FORMAT, "MODE", "RANGE", "AGE", "OWNER", "FILE");
        for (LockLine line : lines) {
            System.out.printf(
                    FORMAT,
                    line.mode() + (line.unconfirmed() ? "?" : ""),
                    line.range(),
                    line.ageSeconds() + "s",
                    line.owner(),
                    fileName(line.file()));
        }
        if (lines.stream().anyMatch(LockLine::unconfirmed)) {
            System.out.println("?  granted by a call-back that the client has not confirmed");
        }
    }

    /** Text where it is printable ASCII, else 0x and hexadecimal: what {@code --file} takes. */
    static String fileName(Opaque file) {
        byte[] bytes = file.toByteArray();
        for (byte b : bytes) {
            if (b <= ' ' || b > '~') {
                return "0x" + file;
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
