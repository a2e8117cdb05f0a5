#include "latency.h"

enum { FINE_BITS = 5, FINE = 1 << FINE_BITS };

static unsigned bucket_of(uint64_t ns) {
    if (ns < FINE)
        return (unsigned) ns;
    unsigned shift = 63 - FINE_BITS - (unsigned) __builtin_clzll(ns);
    return (shift + 1) * FINE + (unsigned) (ns >> shift) - FINE;
}

static uint64_t highest_in(unsigned bucket) {
    if (bucket < FINE)
        return bucket;
    unsigned shift = bucket / FINE - 1;
    return ((uint64_t) (bucket % FINE + FINE + 1) << shift) - 1;
}

void latency_add(struct latency *all, uint64_t ns) {
    all->count++;
    all->buckets[bucket_of(ns)]++;
    if (ns > all->longest_ns)
        all->longest_ns = ns;
}

double latency_us(const struct latency *all, double share) {
    uint64_t wanted = (uint64_t) (share * (double) all->count), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += all->buckets[i];
        if (seen > wanted || (seen == all->count && seen > 0)) {
            uint64_t value = highest_in(i);
            return (double) (value < all->longest_ns ? value : all->longest_ns) / 1000;
        }
    }
    return 0;
}
