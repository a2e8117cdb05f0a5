package org.oncrpckit.nsm.protocol;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.xdr.Opaque;

/**
 * A name of a host as the protocol carries it: 0 to 1024 bytes of whatever the peer chose. It is a
 * label, never an identity. {@link #toString} escapes everything that is not plain, so a hostile
 * name is harmless in logs and files.
 *
 * @param bytes the name as it travels
 */
public record HostName(Opaque bytes) {
    /** Longest name in bytes (SM_MAXSTRLEN). */
    public static final int LENGTH_MAX = 1024;

    /** Checks the length. */
    public HostName {
        Objects.requireNonNull(bytes, "bytes");
        if (bytes.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "host name of " + bytes.length() + " bytes (limit " + LENGTH_MAX + ")");
        }
    }

    /** The UTF-8 bytes of a text. */
    public static HostName of(String text) {
        return new HostName(Opaque.copyOf(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** An address as a name: its literal, as in "10.0.0.1". */
    public static HostName of(InetAddress address) {
        return of(address.getHostAddress());
    }

    /** The address that this name is the literal of; empty when it is a real name. */
    public Optional<InetAddress> address() {
        return AddressLiteral.parse(ascii());
    }

    /**
     * The name up to its first dot: what a host calls itself without its domain. An address, and a
     * name without a dot inside, have no shorter form.
     */
    public HostName shortForm() {
        String text = ascii();
        int dot = text.indexOf('.');
        if (dot <= 0 || address().isPresent()) {
            return this;
        }
        return new HostName(Opaque.copyOf(Arrays.copyOf(bytes.toByteArray(), dot)));
    }

    /**
     * Whether both may name one host: equal without regard to case, or one of them is the other
     * without its domain.
     */
    public boolean sameHost(HostName other) {
        String mine = folded();
        String its = other.folded();
        return mine.equals(its)
                || mine.equals(other.shortForm().folded())
                || its.equals(shortForm().folded());
    }

    /** The name with every byte but letters, digits and {@code . _ : -} percent-encoded. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(bytes.length());
        for (byte each : bytes.toByteArray()) {
            char c = (char) (each & 0xff);
            if (isPlain(c)) {
                text.append(c);
            } else {
                text.append('%').append("%02x".formatted((int) c));
            }
        }
        return text.toString();
    }

    private String folded() {
        return ascii().toLowerCase(Locale.ROOT);
    }

    private String ascii() {
        return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == ':'
                || c == '-';
    }
}
