/* Latencies in logarithmic buckets, each at most 1/32 of its value wide. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

enum { BUCKETS = 64 * 32 };

struct latency {
    uint64_t count, longest_ns;
    uint64_t buckets[BUCKETS];
};

void latency_add(struct latency *all, uint64_t ns);

/* The value in microseconds that this share (0 to 1) of the latencies does not exceed. */
double latency_us(const struct latency *all, double share);

#endif
