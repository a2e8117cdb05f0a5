/* holding_responder CALLS - every address of 127.0.0.0/8 as a host of its own, on one UDP port.
 *
 * Takes calls at whatever local address they are sent to and holds all answers until so many
 * different calls (address and xid) have come; then answers each from the address it was sent to,
 * and from then on every repetition at once. Prints "port=N", then "all arrived" at that moment,
 * and begins to answer when a line comes on standard input. */
#include "every_address.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call {
    struct in_addr host;
    uint32_t xid; /* as on the wire */
    struct sockaddr_in from;
};

static int udp;

static void answer(const struct call *call) {
    /* xid, REPLY, accepted, verifier AUTH_NONE of no bytes, SUCCESS */
    uint32_t reply[6] = {call->xid, htonl(1)};
    send_from(udp, call->host, &call->from, reply, sizeof reply);
}

/* Takes one datagram; 0 when there is none now. */
static int receive(struct call *call) {
    char data[2048];
    if (receive_at(udp, data, sizeof data, &call->from, &call->host) < 24) {
        return 0;
    }
    memcpy(&call->xid, data, sizeof call->xid);
    return 1;
}

int main(int count, char **arguments) {
    int wanted = count == 2 ? atoi(arguments[1]) : 0;
    if (wanted < 1) {
        fprintf(stderr, "usage: holding_responder CALLS\n");
        return 2;
    }
    int port;
    udp = open_every_address(&port);
    if (udp < 0) {
        perror("holding_responder");
        return 1;
    }
    size_t slots = 1;
    while (slots < (size_t)wanted * 2) {
        slots *= 2;
    }
    struct call *seen = calloc(slots, sizeof *seen);
    if (seen == NULL) {
        perror("holding_responder");
        return 1;
    }
    printf("port=%d\n", port);
    fflush(stdout);

    int arrived = 0, released = 0;
    struct pollfd sources[] = {{udp, POLLIN, 0}, {0, POLLIN, 0}};
    for (;;) {
        if (poll(sources, released ? 1 : 2, -1) < 0 && errno != EINTR) {
            return 1;
        }
        struct call call;
        while (receive(&call)) {
            if (released) {
                answer(&call);
                continue;
            }
            size_t slot = (ntohl(call.xid) * 2654435761u ^ ntohl(call.host.s_addr) * 40503u) & (slots - 1);
            while (seen[slot].xid != 0 &&
                   (seen[slot].xid != call.xid || seen[slot].host.s_addr != call.host.s_addr)) {
                slot = (slot + 1) & (slots - 1);
            }
            if (seen[slot].host.s_addr == 0 && arrived < wanted) {
                seen[slot] = call;
                if (++arrived == wanted) {
                    printf("all arrived\n");
                    fflush(stdout);
                }
            }
        }
        if (!released && (sources[1].revents & (POLLIN | POLLHUP))) {
            released = 1;
            for (size_t slot = 0; slot < slots; slot++) {
                if (seen[slot].host.s_addr != 0) {
                    answer(&seen[slot]);
                }
            }
        }
    }
}
