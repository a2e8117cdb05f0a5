package org.oncrpckit.rpc.server.rpcbind;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;

/**
 * Who serves what where. One registration for each program, version and netid; programs in the
 * order in which they came. Thread-safe.
 */
final class RegistrationTable {
    private final int max;

    /** By program number. */
    @GuardedBy("this")
    private final Map<Integer, List<Registration>> programs = new LinkedHashMap<>();

    @GuardedBy("this")
    private int size;

    RegistrationTable(int max) {
        this.max = max;
    }

    /**
     * Adds a registration.
     *
     * @return false when there is one with another address, or no room. The very same one is fine.
     */
    synchronized boolean set(Registration added) {
        Optional<Registration> present = exact(added.programVersion(), added.netid());
        if (present.isPresent()) {
            return present.get().address().equals(added.address());
        }
        if (size >= max) {
            return false;
        }
        size++;
        programs.computeIfAbsent(added.programVersion().program(), number -> new ArrayList<>())
                .add(added);
        return true;
    }

    /**
     * Takes registrations back: all of them, or none when one of them belongs to somebody else.
     *
     * @param netids on which transports; none at all means every one
     * @return whether there was any
     */
    synchronized boolean unset(ProgramVersion programVersion, Set<String> netids, Owner by) {
        List<Registration> same = programs.getOrDefault(programVersion.program(), List.of());
        List<Registration> meant =
                same.stream()
                        .filter(r -> r.programVersion().equals(programVersion))
                        .filter(r -> netids.isEmpty() || netids.contains(r.netid()))
                        .toList();
        if (meant.isEmpty() || !meant.stream().allMatch(r -> by.mayTakeBack(r.owner()))) {
            return false;
        }
        same.removeAll(meant);
        size -= meant.size();
        if (same.isEmpty()) {
            programs.remove(programVersion.program());
        }
        return true;
    }

    /** The registration of exactly this version. */
    synchronized Optional<Registration> exact(ProgramVersion programVersion, String netid) {
        return of(programVersion.program(), netid).stream()
                .filter(r -> r.programVersion().equals(programVersion))
                .findFirst();
    }

    /** The same, or else that of the program's highest version: it answers with the true range. */
    synchronized Optional<Registration> nearest(ProgramVersion programVersion, String netid) {
        return exact(programVersion, netid)
                .or(
                        () ->
                                of(programVersion.program(), netid).stream()
                                        .max(
                                                Comparator.comparing(
                                                        r -> r.programVersion().version(),
                                                        Integer::compareUnsigned)));
    }

    @GuardedBy("this")
    private List<Registration> of(int program, String netid) {
        return programs.getOrDefault(program, List.of()).stream()
                .filter(r -> r.netid().equals(netid))
                .toList();
    }

    /** All of one version. */
    synchronized List<Registration> of(ProgramVersion programVersion) {
        return programs.getOrDefault(programVersion.program(), List.of()).stream()
                .filter(r -> r.programVersion().equals(programVersion))
                .toList();
    }

    synchronized List<Registration> all() {
        return programs.values().stream().flatMap(List::stream).toList();
    }
}
