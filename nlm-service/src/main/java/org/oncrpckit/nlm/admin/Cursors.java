package org.oncrpckit.nlm.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One kind of listing of one connection, page by page. A page looks at a bounded number of lines,
 * so a filter that fits little does not keep a thread. Thread-safe.
 */
final class Cursors<T> {
    /** Listings that may be open at once; a further one ends the oldest. */
    static final int OPEN_MAX = 4;

    /** Lines that one page looks at, at the most. */
    static final int LOOKS_MAX = 20_000;

    @GuardedBy("this")
    private final Map<Long, Iterator<Optional<T>>> open = new LinkedHashMap<>();

    @GuardedBy("this")
    private long last;

    /**
     * The page that a request asks for.
     *
     * @param cursor 0 for the first
     * @param lines begins the listing; empty stands for a line that is not wanted
     */
    ListPage<T> page(long cursor, Supplier<Stream<Optional<T>>> lines) {
        Iterator<Optional<T>> rest = cursor == 0 ? lines.get().iterator() : take(cursor);
        List<T> page = new ArrayList<>();
        for (int looks = 0;
                looks < LOOKS_MAX && page.size() < AdminProtocol.PAGE_LINES_MAX && rest.hasNext();
                looks++) {
            rest.next().ifPresent(page::add);
        }
        return new ListPage<>(page, rest.hasNext() ? keep(rest) : 0);
    }

    private synchronized Iterator<Optional<T>> take(long cursor) {
        Iterator<Optional<T>> rest = open.remove(cursor);
        return rest == null ? Collections.emptyIterator() : rest;
    }

    private synchronized long keep(Iterator<Optional<T>> rest) {
        if (open.size() >= OPEN_MAX) {
            open.remove(open.keySet().iterator().next());
        }
        open.put(++last, rest);
        return last;
    }

    synchronized void clear() {
        open.clear();
    }
}
