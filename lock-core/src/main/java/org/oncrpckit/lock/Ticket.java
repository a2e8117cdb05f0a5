package org.oncrpckit.lock;

/**
 * The name of one waiting request. A table never gives the same one twice, not even after a
 * restore; it ends with exactly one {@link Effect}.
 *
 * @param id the number, from 1 upwards in the order in which requests began to wait
 */
public record Ticket(long id) {
    @Override
    public String toString() {
        return "#" + id;
    }
}
