/* The NLM version 4 calls that the load generators make, and the file they lock. */
#ifndef NLM_H
#define NLM_H

#include "wire.h"

enum {
    NLM_PROGRAM = 100021,
    NLM_VERSION = 4,
    NLM_LOCK = 2,
    NLM_UNLOCK = 4,
    NLM_GRANTED = 5,
    NLM_GRANTED_MSG = 10,
    NLM_GRANTED_RES = 15,
    NLM4_GRANTED = 0,
    NLM4_BLOCKED = 3,
    HANDLE_MAX = 64
};

struct handle {
    uint32_t length;
    uint8_t bytes[HANDLE_MAX];
};

struct lock {
    uint32_t owner;      /* svid, and within the owner handle */
    uint64_t offset, length;
};

/* The name under which the generators lock; it must resolve to their address where a server asks for that. */
extern const char NLM_CALLER[];

/* From 128 hexadecimal digits at most. */
struct handle handle_of_hex(const char *digits);

/* Whole calls. */
uint8_t *put_lock_call(uint8_t *to, uint32_t xid, const struct handle *file, const struct lock *lock, bool block);
uint8_t *put_unlock_call(uint8_t *to, uint32_t xid, const struct handle *file, const struct lock *lock);

/* Status of the reply whose header has been read; a large number when it is malformed. */
uint32_t get_nlm_status(struct reader *from);

#endif
