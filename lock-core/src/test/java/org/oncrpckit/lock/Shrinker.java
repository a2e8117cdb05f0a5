package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing sequence short. */
final class Shrinker {
    private Shrinker() {}

    /** Leaves out ever smaller parts as long as what is left still fails. */
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> shortest = failing;
        for (int part = Math.max(1, failing.size() / 2);
                part > 0;
                part = shortest.size() > 1 ? part / 2 : 0) {
            for (int from = 0; from < shortest.size(); ) {
                List<T> without = new ArrayList<>(shortest.subList(0, from));
                without.addAll(
                        shortest.subList(Math.min(shortest.size(), from + part), shortest.size()));
                if (fails.test(without)) {
                    shortest = without;
                } else {
                    from += part;
                }
            }
        }
        return shortest;
    }
}
