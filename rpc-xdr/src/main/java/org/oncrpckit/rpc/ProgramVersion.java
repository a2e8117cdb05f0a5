package org.oncrpckit.rpc;

/**
 * A program number and one of its versions (RFC 5531 section 8.3); both are unsigned 32-bit.
 *
 * @param program the program number, as unsigned bits
 * @param version the version number, as unsigned bits
 */
public record ProgramVersion(int program, int version) {
    @Override
    public String toString() {
        return Integer.toUnsignedString(program) + " v" + Integer.toUnsignedString(version);
    }
}
