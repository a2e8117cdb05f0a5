package org.oncrpckit.nsm.protocol;

import java.util.Objects;

/**
 * Arguments of SM_UNMON_ALL ({@code struct my_id}): a service on the monitor's own host.
 *
 * @param myName name of this host, as the monitored host knows it
 * @param program program to call back, as unsigned bits
 * @param version its version, as unsigned bits
 * @param procedure its procedure, as unsigned bits
 */
public record MyId(HostName myName, int program, int version, int procedure) {
    /** Checks that nothing is missing. */
    public MyId {
        Objects.requireNonNull(myName, "myName");
    }
}
