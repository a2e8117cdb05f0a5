package org.oncrpckit.rpc.server.rpcbind;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.AddressCount;
import org.oncrpckit.rpc.server.rpcbind.RpcbindProcedures.VersionCounts;

/** What GETSTAT tells: how often everything was asked for. Thread-safe. */
final class QuestionCounts {
    private static final int LOWEST_VERSION = 2;

    private final int servicesMax;

    @GuardedBy("this")
    private final List<OfVersion> versions = new ArrayList<>();

    private record Service(ProgramVersion programVersion, String netid) {}

    /** Counters of one version of rpcbind. */
    private static final class OfVersion {
        private final int[] calls = new int[RpcbindProcedures.COUNTED_PROCEDURES];
        private int set;
        private int unset;

        /** Found, missed. */
        private final Map<Service, int[]> addresses = new LinkedHashMap<>();

        VersionCounts counts() {
            return new VersionCounts(
                    Arrays.stream(calls).boxed().toList(),
                    set,
                    unset,
                    addresses.entrySet().stream()
                            .map(
                                    each ->
                                            new AddressCount(
                                                    each.getKey().programVersion(),
                                                    each.getValue()[0],
                                                    each.getValue()[1],
                                                    each.getKey().netid()))
                            .toList());
        }
    }

    QuestionCounts(int servicesMax) {
        this.servicesMax = servicesMax;
        for (int i = 0; i < RpcbindProcedures.COUNTED_VERSIONS; i++) {
            versions.add(new OfVersion());
        }
    }

    @GuardedBy("this")
    private OfVersion of(CallContext call) {
        return versions.get(call.header().programVersion().version() - LOWEST_VERSION);
    }

    synchronized void called(CallContext call) {
        of(call).calls[call.header().procedure()]++;
    }

    synchronized void set(CallContext call) {
        of(call).set++;
    }

    synchronized void unset(CallContext call) {
        of(call).unset++;
    }

    /** Anybody can ask for any number of services: beyond the limit new ones are not counted. */
    synchronized void asked(
            CallContext call, ProgramVersion programVersion, String netid, boolean found) {
        Map<Service, int[]> addresses = of(call).addresses;
        Service service = new Service(programVersion, netid);
        int[] counts = addresses.get(service);
        if (counts == null && addresses.size() < servicesMax) {
            counts = new int[2];
            addresses.put(service, counts);
        }
        if (counts != null) {
            counts[found ? 0 : 1]++;
        }
    }

    synchronized List<VersionCounts> counts() {
        return versions.stream().map(OfVersion::counts).toList();
    }
}
