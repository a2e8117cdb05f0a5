package org.oncrpckit.nlm.admin;

/**
 * Asks for a page of a listing.
 *
 * @param filter what to list
 * @param cursor 0 for the first page, then what the page before said; the filter is that of the
 *     first page
 */
record ListRequest(ListFilter filter, long cursor) {}
