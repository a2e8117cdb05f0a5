#include "nlm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char NLM_CALLER[] = "bench-client";

struct handle handle_of_hex(const char *digits) {
    struct handle handle = {0};
    size_t length = strlen(digits);
    if (length == 0 || length % 2 != 0 || length > 2 * HANDLE_MAX) {
        fprintf(stderr, "file handle %s (expected: 2 to %d hexadecimal digits)\n", digits, 2 * HANDLE_MAX);
        exit(2);
    }
    for (size_t i = 0; i < length / 2; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], 0};
        handle.bytes[i] = (uint8_t) strtoul(pair, NULL, 16);
    }
    handle.length = (uint32_t) length / 2;
    return handle;
}

static uint8_t *put_lock(uint8_t *to, const struct handle *file, const struct lock *lock) {
    uint8_t owner[8];
    put64(owner, lock->owner);
    to = put_opaque(put_string(to, NLM_CALLER), file->bytes, file->length);
    to = put32(put_opaque(to, owner, sizeof owner), lock->owner);
    return put64(put64(to, lock->offset), lock->length);
}

uint8_t *put_lock_call(uint8_t *to, uint32_t xid, const struct handle *file, const struct lock *lock, bool block) {
    struct call call = {xid, NLM_PROGRAM, NLM_VERSION, NLM_LOCK};
    to = put_opaque(put_call(to, &call, AUTH_SYS), &xid, sizeof xid);
    to = put_lock(put32(put32(to, block), true), file, lock);
    return put32(put32(to, false), 3);  /* no reclaim; the client's state number */
}

uint8_t *put_unlock_call(uint8_t *to, uint32_t xid, const struct handle *file, const struct lock *lock) {
    struct call call = {xid, NLM_PROGRAM, NLM_VERSION, NLM_UNLOCK};
    to = put_opaque(put_call(to, &call, AUTH_SYS), &xid, sizeof xid);
    return put_lock(to, file, lock);
}

uint32_t get_nlm_status(struct reader *from) {
    const uint8_t *cookie;
    get_opaque(from, &cookie);
    uint32_t status = get32(from);
    return from->bad ? UINT32_MAX : status;
}
