package org.oncrpckit.nlm.admin;

import java.time.Instant;
import java.util.Optional;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.nlm.LockListing;
import org.oncrpckit.rpc.transport.Timers;

/** What one connection has open of each kind of listing. Thread-safe. */
final class Listings {
    private final LockListing listing;
    private final Timers timers;
    private final Cursors<LockLine> locks = new Cursors<>();
    private final Cursors<LockLine> waiters = new Cursors<>();
    private final Cursors<ShareLine> shares = new Cursors<>();
    private final Cursors<HostLine> hosts = new Cursors<>();
    private final Cursors<WaitLine> graph = new Cursors<>();

    Listings(LockListing listing, Timers timers) {
        this.listing = listing;
        this.timers = timers;
    }

    ListPage<LockLine> locks(ListRequest request) {
        ListFilter filter = request.filter();
        Instant now = timers.now();
        return locks.page(
                request.cursor(),
                () ->
                        listing.locks(scope(filter))
                                .map(
                                        lock ->
                                                Optional.of(Lines.of(lock, now))
                                                        .filter(filter::wants)));
    }

    ListPage<LockLine> waiters(ListRequest request) {
        ListFilter filter = request.filter();
        Instant now = timers.now();
        return waiters.page(
                request.cursor(),
                () ->
                        listing.waiters(scope(filter))
                                .map(
                                        each ->
                                                Optional.of(Lines.of(each, now))
                                                        .filter(filter::wants)));
    }

    ListPage<ShareLine> shares(ListRequest request) {
        ListFilter filter = request.filter();
        Instant now = timers.now();
        return shares.page(
                request.cursor(),
                () ->
                        listing.shares(scope(filter))
                                .map(
                                        each ->
                                                Optional.of(Lines.of(each, now))
                                                        .filter(filter::wants)));
    }

    ListPage<WaitLine> graph(ListRequest request) {
        ListFilter filter = request.filter();
        Instant now = timers.now();
        return graph.page(
                request.cursor(),
                () ->
                        listing.reasons(scope(filter))
                                .map(
                                        each ->
                                                Optional.of(Lines.of(each, now))
                                                        .filter(filter::wants)));
    }

    ListPage<HostLine> hosts(ListRequest request) {
        ListFilter filter = request.filter();
        Instant now = timers.now();
        return hosts.page(
                request.cursor(),
                () ->
                        listing.hosts()
                                .map(
                                        each ->
                                                Optional.of(Lines.of(each, now))
                                                        .filter(filter::wants)));
    }

    /** Forgets what is open. */
    void close() {
        locks.clear();
        waiters.clear();
        shares.clear();
        hosts.clear();
        graph.clear();
    }

    /** A file is found by its name; the rest of the filter is for the lines. */
    private static Scope scope(ListFilter filter) {
        return filter.file().length() == 0
                ? Scope.everything()
                : Scope.of(FileId.of(filter.file().toByteArray()));
    }
}
