package org.oncrpckit.rpc.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Names of program numbers: those that everybody meets, and what the system's table adds. The table
 * has lines of a name, a number and aliases; {@code #} begins a comment.
 */
final class ProgramNames {
    /** The system's table. */
    static final Path SYSTEM_TABLE = Path.of("/etc/rpc");

    /** Lines of the table that are looked at. */
    private static final int LINES_MAX = 10_000;

    private static final String WELL_KNOWN =
            """
            portmapper 100000 portmap sunrpc rpcbind
            rstatd 100001 rstat
            rusersd 100002 rusers
            nfs 100003 nfsprog
            ypserv 100004 ypprog
            mountd 100005 mount showmount
            ypbind 100007
            walld 100008 rwall
            rquotad 100011 rquotaprog quota
            sprayd 100012 spray
            nlockmgr 100021 nlm lockd
            status 100024 statd nsm
            ypupdated 100028 ypupdate
            nfs_acl 100227
            """;

    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private ProgramNames() {}

    /** Well-known names and those of a table; a table that cannot be read adds none. */
    static ProgramNames with(Path table) {
        ProgramNames names = new ProgramNames();
        WELL_KNOWN.lines().forEach(names::add);
        try (Stream<String> lines = Files.lines(table, StandardCharsets.ISO_8859_1)) {
            lines.limit(LINES_MAX).forEach(names::add);
        } catch (IOException | UncheckedIOException e) {
            // Many systems have none.
            return names;
        }
        return names;
    }

    private void add(String line) {
        String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
        if (words.length < 2) {
            return;
        }
        OptionalInt number = number(words[1]);
        if (number.isEmpty()) {
            return;
        }
        names.put(number.getAsInt(), words[0]);
        for (int i = 0; i < words.length; i++) {
            if (i != 1) {
                numbers.put(words[i].toLowerCase(Locale.ROOT), number.getAsInt());
            }
        }
    }

    /** The name of a program number. */
    Optional<String> nameOf(int number) {
        return Optional.ofNullable(names.get(number));
    }

    /** The number for a name, or for the number itself in decimal digits. */
    OptionalInt numberOf(String text) {
        OptionalInt number = number(text);
        if (number.isPresent()) {
            return number;
        }
        Integer known = numbers.get(text.toLowerCase(Locale.ROOT));
        return known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }

    /** Name and number as people like to read them. */
    String describe(int number) {
        String digits = Integer.toUnsignedString(number);
        return nameOf(number).map(name -> name + " (" + digits + ")").orElse("program " + digits);
    }

    /** An unsigned 32-bit number in decimal digits. */
    static OptionalInt number(String digits) {
        if (!digits.matches("[0-9]{1,10}")) {
            return OptionalInt.empty();
        }
        long value = Long.parseLong(digits);
        return value > 0xffff_ffffL ? OptionalInt.empty() : OptionalInt.of((int) value);
    }
}
