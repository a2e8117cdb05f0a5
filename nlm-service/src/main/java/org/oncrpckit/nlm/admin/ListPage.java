package org.oncrpckit.nlm.admin;

import java.util.List;

/**
 * A page of a listing.
 *
 * @param lines at most {@link AdminProtocol#PAGE_LINES_MAX}; none only means that none was found
 *     yet where there is a cursor
 * @param cursor for the next page; 0 when this is the last
 */
record ListPage<T>(List<T> lines, long cursor) {
    ListPage {
        lines = List.copyOf(lines);
    }
}
