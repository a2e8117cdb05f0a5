package org.oncrpckit.nlm.daemon;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.oncrpckit.nlm.HostAliases;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NAME=ADDR,ADDR...}. Names of hosts are not looked up: only addresses count. */
final class AliasConverter implements ITypeConverter<HostAliases.Host> {
    AliasConverter() {}

    @Override
    public HostAliases.Host convert(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new TypeConversionException("'" + text + "' (expected: NAME=ADDR,ADDR...)");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String each : text.substring(equals + 1).split(",", -1)) {
            addresses.add(AddressConverter.parse(each, text));
        }
        try {
            return new HostAliases.Host(text.substring(0, equals).strip(), addresses);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
