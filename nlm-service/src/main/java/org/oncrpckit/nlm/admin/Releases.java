package org.oncrpckit.nlm.admin;

import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.ListedHost;
import org.oncrpckit.nlm.ListedLock;
import org.oncrpckit.nlm.LockListing;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what an operator asks to be freed: finds out what is meant, refuses what may mean several,
 * and writes down who did it. Thread-safe.
 */
final class Releases {
    /** One line for everything that an operator changes. */
    static final Logger AUDIT = LoggerFactory.getLogger("org.oncrpckit.nlm.audit");

    /** Hosts or owners that a refusal names. */
    private static final int NAMED_MAX = 5;

    private final NlmService service;
    private final Timers timers;

    Releases(NlmService service, Timers timers) {
        this.service = service;
        this.timers = timers;
    }

    ReleaseReply release(ReleaseRequest request, UserPrincipal by) {
        return switch (request.what()) {
            case HOST -> host(request, by);
            case OWNER -> owner(request, by);
            case LOCK -> lock(request, by);
        };
    }

    private ReleaseReply host(ReleaseRequest request, UserPrincipal by) {
        Instant now = timers.now();
        List<ListedHost> found =
                service.listing()
                        .hosts()
                        .filter(host -> request.filter().wants(Lines.of(host, now)))
                        .toList();
        if (found.size() != 1) {
            return notOne(
                    "host",
                    found.stream()
                            .map(host -> ListenAddresses.format(host.address()))
                            .sorted()
                            .toList());
        }
        ListedHost host = found.get(0);
        ReleaseReply reply =
                service.listing()
                        .scopeOf(host.address())
                        .map(scope -> contents(scope, Lines.of(host, now).use()))
                        .orElseGet(() -> notOne("host", List.of()));
        return done(
                request,
                reply,
                "all of host " + ListenAddresses.format(host.address()),
                by,
                () -> service.release().host(host.address()));
    }

    private ReleaseReply owner(ReleaseRequest request, UserPrincipal by) {
        Map<LockOwner, OwnerLine> found = owners(request.filter());
        if (found.size() != 1) {
            return notOne("owner", describe(found));
        }
        Map.Entry<LockOwner, OwnerLine> one = found.entrySet().iterator().next();
        LockOwner owner = one.getKey();
        Scope scope = Scope.of(owner);
        LockListing listing = service.listing();
        HostLine.Use use =
                new HostLine.Use(
                        listing.locks(scope).count(),
                        listing.waiters(scope).count(),
                        listing.shares(scope).count(),
                        0,
                        0);
        return done(
                request,
                contents(scope, use),
                "all of owner " + one.getValue().describe(),
                by,
                () -> service.release().owner(owner));
    }

    private ReleaseReply lock(ReleaseRequest request, UserPrincipal by) {
        FileId file = FileId.of(request.filter().file().toByteArray());
        LockRange range = new LockRange(request.first(), request.last());
        Instant now = timers.now();
        Map<LockOwner, OwnerLine> found = new LinkedHashMap<>();
        List<LockLine> lines = new ArrayList<>();
        service.listing()
                .locks(Scope.of(file))
                .filter(lock -> lock.range().intersects(range))
                .forEach(
                        lock -> {
                            LockLine line = Lines.of(lock, now);
                            if (request.filter().wants(line)) {
                                found.put(lock.key(), line.who());
                                lines.add(line);
                            }
                        });
        if (found.size() != 1) {
            return notOne("lock holder", describe(found));
        }
        Map.Entry<LockOwner, OwnerLine> one = found.entrySet().iterator().next();
        LockOwner owner = one.getKey();
        return done(
                request,
                released(lines, new HostLine.Use(lines.size(), 0, 0, 0, 0)),
                "bytes "
                        + RangeText.of(request.first(), request.last())
                        + " of file 0x"
                        + request.filter().file()
                        + " of owner "
                        + one.getValue().describe(),
                by,
                () -> service.release().lock(owner, file, range));
    }

    /** Owners of anything that fits. */
    private Map<LockOwner, OwnerLine> owners(ListFilter filter) {
        Instant now = timers.now();
        LockListing listing = service.listing();
        Map<LockOwner, OwnerLine> found = new LinkedHashMap<>();
        listing.locks(Scope.everything())
                .forEach(each -> keep(found, each.key(), Lines.of(each, now).who(), filter));
        listing.waiters(Scope.everything())
                .forEach(each -> keep(found, each.key(), Lines.of(each, now).who(), filter));
        listing.shares(Scope.everything())
                .forEach(each -> keep(found, each.key(), Lines.of(each, now).who(), filter));
        return found;
    }

    private static void keep(
            Map<LockOwner, OwnerLine> found, LockOwner key, OwnerLine who, ListFilter filter) {
        if (filter.wants(who)) {
            found.put(key, who);
        }
    }

    private ReleaseReply contents(Scope scope, HostLine.Use use) {
        Instant now = timers.now();
        try (Stream<ListedLock> locks = service.listing().locks(scope)) {
            return released(
                    locks.limit(AdminProtocol.PAGE_LINES_MAX)
                            .map(lock -> Lines.of(lock, now))
                            .toList(),
                    use);
        }
    }

    private static ReleaseReply released(List<LockLine> locks, HostLine.Use use) {
        return new ReleaseReply(
                ReleaseReply.Outcome.RELEASED,
                "",
                locks.stream().limit(AdminProtocol.PAGE_LINES_MAX).toList(),
                use);
    }

    /** The line comes before the deed, so that there is none without. */
    private static ReleaseReply done(
            ReleaseRequest request,
            ReleaseReply reply,
            String what,
            UserPrincipal by,
            Runnable deed) {
        if (!request.dryRun() && reply.outcome() == ReleaseReply.Outcome.RELEASED) {
            AUDIT.info(
                    "released by hand: {}; locks={} waiters={} shares={}; by user {}",
                    what,
                    reply.use().locks(),
                    reply.use().waiters(),
                    reply.use().shares(),
                    by.getName());
            deed.run();
        }
        return reply;
    }

    private static List<String> describe(Map<LockOwner, OwnerLine> owners) {
        return owners.values().stream().map(OwnerLine::describe).toList();
    }

    private static ReleaseReply notOne(String kind, List<String> found) {
        if (found.isEmpty()) {
            return ReleaseReply.nothing(
                    ReleaseReply.Outcome.NOTHING, "no " + kind + " fits; nothing was freed");
        }
        return ReleaseReply.nothing(
                ReleaseReply.Outcome.AMBIGUOUS,
                found.size()
                        + " "
                        + kind
                        + "s fit, and nothing was freed: "
                        + found.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))
                        + (found.size() > NAMED_MAX ? ", ..." : "")
                        + "; name one with --owner or --host");
    }
}
