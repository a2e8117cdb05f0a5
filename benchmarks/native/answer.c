#include "answer.h"

#include <stdio.h>

enum { GETPORT = 3 };  /* GETADDR in versions 3 and 4 */

uint8_t *answer(uint8_t *to, const uint8_t *message, size_t length, const char *host, int port) {
    struct reader from = reader_of(message, length);
    struct call call;
    char address[64];
    if (!get_call(&from, &call))
        return to;
    to = put_success(to, call.xid);
    if (call.program != RPCBIND_PROGRAM || call.procedure != GETPORT)
        return to;
    if (call.version == 2)
        return put32(to, (uint32_t) port);
    snprintf(address, sizeof address, "%s.%d.%d", host, port >> 8, port & 255);
    return put_string(to, address);
}
