/*
 * What the slots of the closed loop call, one after the other. Each kind is a pair of functions: one writes a slot's
 * next call, or nothing when the slot has come to its end; the other judges a reply.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "nlm.h"

struct workload {
    uint8_t *(*next)(struct workload *, unsigned slot, uint32_t xid, uint8_t *to);
    bool (*fine)(struct workload *, unsigned slot, struct reader *results);
    bool ending;                                     /* set when only what must be undone is still to be called */
    unsigned slots;
    uint32_t program, version, procedure;            /* null */
    struct handle file;                              /* pairs, standing */
    long standing, next_number, last_number, owners;
    uint64_t random;
    struct lock *locks;                              /* pairs: what each slot holds or asks for */
    bool *held;
};

/* Calls of a procedure without arguments. */
void workload_null(struct workload *load);

/* LOCK, then UNLOCK, of two bytes at a random place among so many standing locks. */
void workload_pairs(struct workload *load);

/* So many locks of two bytes, side by side with gaps, which stay. */
void workload_standing(struct workload *load);

/* SM_MON for so many hosts, named by the addresses that follow 127.1.0.0. */
void workload_monitor(struct workload *load);

#endif
