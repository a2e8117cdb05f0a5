package org.oncrpckit.xdr;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was made of opaques lately, so that bytes which come again and again (the name of a host,
 * the handle of a file) are made one object. Holds as many values as it has slots, and of opaques
 * longer than {@link OpaqueMemo#LENGTH_MAX} bytes none; a new one takes the place of the one in its
 * slot. Thread-safe, without a lock, if the values are immutable: one that a race loses is made
 * anew.
 *
 * @param <T> the type of the values
 */
public final class DerivedMemo<T> {
    /** Both final, so that whoever finds it sees it whole. */
    private record Entry<T>(Opaque bytes, T value) {}

    private final Function<? super Opaque, ? extends T> maker;
    private final @Nullable Entry<T>[] slots;

    /**
     * Nothing was made yet.
     *
     * @param slots values to keep: a power of two, at most {@link OpaqueMemo#SLOTS_MAX}
     * @param maker makes a value, the same from the same bytes
     */
    @SuppressWarnings("unchecked")
    public DerivedMemo(int slots, Function<? super Opaque, ? extends T> maker) {
        this.maker = Objects.requireNonNull(maker, "maker");
        this.slots = (Entry<T>[]) new Entry<?>[OpaqueMemo.checkedSlots(slots)];
    }

    /** The value of these bytes: the one that was made before, or a new one. */
    public T get(Opaque bytes) {
        if (bytes.length() > OpaqueMemo.LENGTH_MAX) {
            return maker.apply(bytes);
        }
        int hash = bytes.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
        Entry<T> known = slots[slot];
        if (known == null || !known.bytes.equals(bytes)) {
            known = new Entry<>(bytes, maker.apply(bytes));
            slots[slot] = known;
        }
        return known.value;
    }
}
