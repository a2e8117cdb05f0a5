package org.oncrpckit.nlm.ctl;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.oncrpckit.nlm.admin.LocalLockRequest;
import org.oncrpckit.xdr.Opaque;

/** The bytes that name a file, as people write and read them. */
final class FileName {
    private static final String HEX = "0x";

    private FileName() {}

    /**
     * Reads any name, or 0x and hexadecimal.
     *
     * @throws IllegalArgumentException if it is empty, too long, or not hexadecimal after 0x
     */
    static Opaque parse(String file) {
        byte[] bytes;
        if (file.startsWith(HEX)) {
            try {
                bytes = HexFormat.of().parseHex(file.substring(HEX.length()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--file " + file + ": not hexadecimal", e);
            }
        } else {
            bytes = file.getBytes(StandardCharsets.UTF_8);
        }
        if (bytes.length == 0 || bytes.length > LocalLockRequest.FILE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "--file has "
                            + bytes.length
                            + " bytes (expected: 1 to "
                            + LocalLockRequest.FILE_BYTES_MAX
                            + ")");
        }
        return Opaque.copyOf(bytes);
    }

    /** Text where it is printable ASCII, else 0x and hexadecimal: what {@link #parse} reads. */
    static String text(Opaque file) {
        byte[] bytes = file.toByteArray();
        for (byte b : bytes) {
            if (b <= ' ' || b > '~') {
                return hex(file);
            }
        }
        String text = new String(bytes, StandardCharsets.US_ASCII);
        return text.startsWith(HEX) ? hex(file) : text;
    }

    /** 0x and hexadecimal, always. */
    static String hex(Opaque file) {
        return HEX + file;
    }
}
