package org.oncrpckit.nlm.daemon;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address. Names of hosts are not looked up: only addresses count. */
final class AddressConverter implements ITypeConverter<InetAddress> {
    AddressConverter() {}

    @Override
    public InetAddress convert(String text) {
        return parse(text, text);
    }

    /**
     * Reads an address.
     *
     * @param all what it is a part of, for the message
     */
    static InetAddress parse(String word, String all) {
        String address = word.strip();
        if (!InetAddresses.isInetAddress(address)) {
            throw new TypeConversionException(
                    "'" + address + "' in '" + all + "' is not an IPv4 or IPv6 address");
        }
        return InetAddresses.forString(address);
    }
}
