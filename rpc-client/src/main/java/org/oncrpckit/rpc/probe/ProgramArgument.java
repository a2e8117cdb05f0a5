package org.oncrpckit.rpc.probe;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A program as the user names it: {@code nfs}, {@code nfs/3}, {@code 100003/3}.
 *
 * @param number program number, as unsigned bits
 * @param version the version, as unsigned bits, if one is named
 * @param names to call it by name
 */
record ProgramArgument(int number, OptionalInt version, ProgramNames names) {
    @Override
    public String toString() {
        return names.describe(number)
                + (version.isPresent()
                        ? " version " + Integer.toUnsignedString(version.getAsInt())
                        : "");
    }

    /** Reads what the user typed. */
    static final class Converter implements ITypeConverter<ProgramArgument> {
        private final ProgramNames names;

        Converter(ProgramNames names) {
            this.names = names;
        }

        @Override
        public ProgramArgument convert(String text) {
            int slash = text.indexOf('/');
            String program = slash < 0 ? text : text.substring(0, slash);
            OptionalInt number = names.numberOf(program);
            if (number.isEmpty()) {
                throw new TypeConversionException(
                        "unknown program \"%s\": give its number, or add it to %s"
                                .formatted(program, ProgramNames.SYSTEM_TABLE));
            }
            if (slash < 0) {
                return new ProgramArgument(number.getAsInt(), OptionalInt.empty(), names);
            }
            OptionalInt version = ProgramNames.number(text.substring(slash + 1));
            if (version.isEmpty()) {
                throw new TypeConversionException(
                        "version \"%s\" (expected: 0 to 4294967295)"
                                .formatted(text.substring(slash + 1)));
            }
            return new ProgramArgument(number.getAsInt(), version, names);
        }
    }
}
