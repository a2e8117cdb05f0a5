#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PLACE = 8,               /* bytes from one standing lock to the next */
    MIDDLE = 4,              /* where in between the pairs lock */
    LOCKED = 2,              /* bytes of each lock */
    PAIR_OWNERS = 1 << 30,   /* owners of pairs are numbered from here */
    SM_PROGRAM = 100024,
    SM_MON = 2,
    NLM_NOTIFY = 16
};

static uint8_t *next_null(struct workload *load, unsigned slot, uint32_t xid, uint8_t *to) {
    (void) slot;
    struct call call = {xid, load->program, load->version, load->procedure};
    return load->ending ? NULL : put_call(to, &call, AUTH_NONE);
}

static bool fine_null(struct workload *load, unsigned slot, struct reader *results) {
    (void) load, (void) slot, (void) results;
    return true;
}

void workload_null(struct workload *load) {
    load->next = next_null;
    load->fine = fine_null;
}

/* No two slots ever lock the same place. */
static uint64_t random_place(struct workload *load, unsigned slot) {
    load->random = load->random * 6364136223846793005u + 1442695040888963407u;
    uint64_t places = load->standing > 0 ? (uint64_t) load->standing : 1000000;
    return (load->random >> 33) % (places / load->slots + 1) * load->slots + slot;
}

static uint8_t *next_of_pair(struct workload *load, unsigned slot, uint32_t xid, uint8_t *to) {
    struct lock *lock = &load->locks[slot];
    if (load->held[slot]) {
        load->held[slot] = false;
        return put_unlock_call(to, xid, &load->file, lock);
    }
    if (load->ending)
        return NULL;
    *lock = (struct lock) {PAIR_OWNERS + slot, random_place(load, slot) * PLACE + MIDDLE, LOCKED};
    load->held[slot] = true;
    return put_lock_call(to, xid, &load->file, lock, false);
}

static bool fine_granted(struct workload *load, unsigned slot, struct reader *results) {
    (void) load, (void) slot;
    return get_nlm_status(results) == NLM4_GRANTED;
}

void workload_pairs(struct workload *load) {
    load->next = next_of_pair;
    load->fine = fine_granted;
    load->random = 1;
    load->locks = calloc(load->slots, sizeof *load->locks);
    load->held = calloc(load->slots, sizeof *load->held);
    if (!load->locks || !load->held)
        die("memory");
}

static uint8_t *next_standing(struct workload *load, unsigned slot, uint32_t xid, uint8_t *to) {
    (void) slot;
    if (load->ending || load->next_number > load->last_number)
        return NULL;
    long number = load->next_number++;
    struct lock lock = {(uint32_t) (number % load->owners), (uint64_t) number * PLACE, LOCKED};
    return put_lock_call(to, xid, &load->file, &lock, false);
}

void workload_standing(struct workload *load) {
    load->next = next_standing;
    load->fine = fine_granted;
}

static uint8_t *next_monitor(struct workload *load, unsigned slot, uint32_t xid, uint8_t *to) {
    (void) slot;
    static const uint8_t nothing[16];
    char name[32];
    if (load->ending || load->next_number > load->last_number)
        return NULL;
    long number = load->next_number++;
    struct call call = {xid, SM_PROGRAM, 1, SM_MON};
    snprintf(name, sizeof name, "127.%ld.%ld.%ld", 1 + (number >> 16), number >> 8 & 255, number & 255);
    to = put_string(put_string(put_call(to, &call, AUTH_SYS), name), "localhost");
    to = put32(put32(put32(to, NLM_PROGRAM), NLM_VERSION), NLM_NOTIFY);
    memcpy(to, nothing, sizeof nothing);  /* priv is of fixed length */
    return to + sizeof nothing;
}

static bool fine_monitored(struct workload *load, unsigned slot, struct reader *results) {
    (void) load, (void) slot;
    return get32(results) == 0 && !results->bad;
}

void workload_monitor(struct workload *load) {
    load->next = next_monitor;
    load->fine = fine_monitored;
}
