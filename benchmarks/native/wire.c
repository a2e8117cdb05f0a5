#include "wire.h"

#include <arpa/inet.h>
#include <string.h>

uint8_t *put32(uint8_t *to, uint32_t value) {
    uint32_t wire = htonl(value);
    memcpy(to, &wire, 4);
    return to + 4;
}

uint8_t *put64(uint8_t *to, uint64_t value) {
    return put32(put32(to, (uint32_t) (value >> 32)), (uint32_t) value);
}

uint8_t *put_opaque(uint8_t *to, const void *bytes, uint32_t length) {
    to = put32(to, length);
    memset(to + (length & ~3u), 0, 4);
    memcpy(to, bytes, length);
    return to + ((length + 3) & ~3u);
}

uint8_t *put_string(uint8_t *to, const char *text) {
    return put_opaque(to, text, (uint32_t) strlen(text));
}

uint8_t *put_call(uint8_t *to, const struct call *call, int flavour) {
    to = put32(put32(put32(to, call->xid), CALL), 2);
    to = put32(put32(put32(to, call->program), call->version), call->procedure);
    to = put32(to, (uint32_t) flavour);
    uint8_t *length = to;
    to = put32(to, 0);
    if (flavour == AUTH_SYS) {
        to = put_string(put32(to, 0), "bench");  /* stamp, machine */
        to = put32(put32(put32(to, 0), 0), 0);   /* uid, gid, no further groups */
        put32(length, (uint32_t) (to - length - 4));
    }
    return put32(put32(to, AUTH_NONE), 0);
}

uint8_t *put_success(uint8_t *to, uint32_t xid) {
    to = put32(put32(put32(to, xid), REPLY), 0);
    return put32(put32(put32(to, AUTH_NONE), 0), 0);
}

struct reader reader_of(const uint8_t *bytes, size_t length) {
    return (struct reader) {bytes, length, false};
}

static const uint8_t *take(struct reader *from, size_t length) {
    if (length > from->length) {
        from->bad = true;
        from->length = 0;
        return NULL;
    }
    const uint8_t *taken = from->at;
    from->at += length;
    from->length -= length;
    return taken;
}

uint32_t get32(struct reader *from) {
    const uint8_t *bytes = take(from, 4);
    uint32_t wire = 0;
    if (bytes)
        memcpy(&wire, bytes, 4);
    return ntohl(wire);
}

uint64_t get64(struct reader *from) {
    uint64_t high = get32(from);
    return high << 32 | get32(from);
}

uint32_t get_opaque(struct reader *from, const uint8_t **bytes) {
    uint32_t length = get32(from);
    *bytes = take(from, ((size_t) length + 3) & ~(size_t) 3);
    return *bytes ? length : 0;
}

static void skip_auth(struct reader *from) {
    const uint8_t *body;
    get32(from);
    get_opaque(from, &body);
}

bool get_call(struct reader *from, struct call *call) {
    call->xid = get32(from);
    if (get32(from) != CALL || get32(from) != 2)
        return false;
    call->program = get32(from);
    call->version = get32(from);
    call->procedure = get32(from);
    skip_auth(from);
    skip_auth(from);
    return !from->bad;
}

bool get_success(struct reader *from, uint32_t *xid) {
    *xid = get32(from);
    if (get32(from) != REPLY || get32(from) != 0)
        return false;
    skip_auth(from);
    return get32(from) == 0 && !from->bad;
}
