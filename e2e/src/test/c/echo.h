/* The program that both C peers speak: one procedure that returns its opaque argument. */
#ifndef ECHO_H
#define ECHO_H

#include <rpc/rpc.h>

#define ECHO_PROGRAM 0x20000071
#define ECHO_VERSION 3
#define ECHO_PROCEDURE 1
#define ECHO_MAX 60000 /* fits a datagram with its header */

struct blob {
    u_int length;
    char *bytes;
};

static inline bool_t xdr_blob(XDR *xdr, struct blob *blob) {
    return xdr_bytes(xdr, &blob->bytes, &blob->length, ECHO_MAX);
}

#endif
