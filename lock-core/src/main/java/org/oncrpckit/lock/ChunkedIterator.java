package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An iterator that fetches a limited number of elements at a time. */
abstract class ChunkedIterator<T> implements Iterator<T> {
    /** How many elements a chunk should have. */
    static final int CHUNK = 256;

    private final List<T> chunk = new ArrayList<>();
    private int next;
    private boolean more = true;

    /**
     * Fetches some elements, perhaps none.
     *
     * @return whether there may be more
     */
    abstract boolean fetch(List<T> into);

    @Override
    public final boolean hasNext() {
        while (next == chunk.size() && more) {
            chunk.clear();
            next = 0;
            more = fetch(chunk);
        }
        return next < chunk.size();
    }

    @Override
    public final T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return chunk.get(next++);
    }

    final Stream<T> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, traits), false);
    }
}
