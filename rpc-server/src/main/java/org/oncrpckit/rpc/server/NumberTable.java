package org.oncrpckit.rpc.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable table from unsigned 32-bit numbers to values. Looking up allocates nothing, which a
 * map with boxed keys cannot promise.
 */
final class NumberTable<T> {
    /** The numbers with their sign bit flipped, so that signed order is unsigned order. */
    private final int[] keys;

    private final List<T> values;

    private NumberTable(int[] keys, List<T> values) {
        this.keys = keys;
        this.values = values;
    }

    static <T> NumberTable<T> of(Map<Integer, T> byNumber) {
        TreeMap<Integer, T> sorted = new TreeMap<>(Integer::compareUnsigned);
        sorted.putAll(byNumber);
        int[] keys = sorted.keySet().stream().mapToInt(NumberTable::flip).toArray();
        return new NumberTable<>(keys, List.copyOf(sorted.values()));
    }

    /** A table in which the number stands for this value. */
    NumberTable<T> with(int number, T value) {
        Map<Integer, T> all = toMap();
        all.put(number, value);
        return of(all);
    }

    /** A table without this number. */
    NumberTable<T> without(int number) {
        Map<Integer, T> all = toMap();
        all.remove(number);
        return of(all);
    }

    @Nullable T get(int number) {
        int index = Arrays.binarySearch(keys, flip(number));
        return index < 0 ? null : values.get(index);
    }

    /** The smallest number; the table must not be empty. */
    int lowest() {
        return flip(keys[0]);
    }

    /** The largest number; the table must not be empty. */
    int highest() {
        return flip(keys[keys.length - 1]);
    }

    /** The values in the order of their numbers. */
    List<T> values() {
        return values;
    }

    /** The numbers in ascending unsigned order. */
    List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>(keys.length);
        for (int key : keys) {
            numbers.add(flip(key));
        }
        return numbers;
    }

    private Map<Integer, T> toMap() {
        Map<Integer, T> all = new TreeMap<>();
        for (int i = 0; i < keys.length; i++) {
            all.put(flip(keys[i]), values.get(i));
        }
        return all;
    }

    private static int flip(int number) {
        return number ^ Integer.MIN_VALUE;
    }
}
