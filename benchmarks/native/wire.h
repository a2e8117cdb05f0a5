/*
 * The little of ONC RPC (RFC 5531, RFC 4506) that the load generators speak: call headers, replies, record
 * marks. A cursor is a pointer into a buffer that is large enough by construction; reading checks every step.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process.h"

enum {
    MESSAGE_MAX = 1024,     /* longest message that is sent or read */
    RECORD_MARK = 4,
    CALL = 0,
    REPLY = 1,
    AUTH_NONE = 0,
    AUTH_SYS = 1
};

/* What is still to be read; length 0 and bad set after the first read beyond the end. */
struct reader {
    const uint8_t *at;
    size_t length;
    bool bad;
};

struct call {
    uint32_t xid, program, version, procedure;
};

uint8_t *put32(uint8_t *to, uint32_t value);
uint8_t *put64(uint8_t *to, uint64_t value);
uint8_t *put_opaque(uint8_t *to, const void *bytes, uint32_t length);
uint8_t *put_string(uint8_t *to, const char *text);

/* Header of a call with the given credential flavour (AUTH_SYS says: root on "bench"). */
uint8_t *put_call(uint8_t *to, const struct call *call, int flavour);

/* Header of a successful reply. */
uint8_t *put_success(uint8_t *to, uint32_t xid);

struct reader reader_of(const uint8_t *bytes, size_t length);
uint32_t get32(struct reader *from);
uint64_t get64(struct reader *from);

/* Skips an opaque or string; *bytes points to it, its length is returned. */
uint32_t get_opaque(struct reader *from, const uint8_t **bytes);

/* Reads the header of a call; false when it is none. */
bool get_call(struct reader *from, struct call *call);

/* Reads the header of a reply and its xid; false unless it is an accepted, successful one. */
bool get_success(struct reader *from, uint32_t *xid);

#endif
