/* holding_responder CALLS - every address of 127.0.0.0/8 as a host of its own, on one UDP port.
 *
 * Takes calls at whatever local address they are sent to and holds all answers until so many
 * different calls (address and xid) have come; then answers each from the address it was sent to,
 * and from then on every repetition at once. Prints "port=N", then "all arrived" at that moment,
 * and begins to answer when a line comes on standard input. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct call {
    struct in_addr host;
    uint32_t xid; /* as on the wire */
    struct sockaddr_in from;
};

static int udp;

static void answer(const struct call *call) {
    /* xid, REPLY, accepted, verifier AUTH_NONE of no bytes, SUCCESS */
    uint32_t reply[6] = {call->xid, htonl(1)};
    struct iovec bytes = {reply, sizeof reply};
    union {
        char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control = {{0}};
    struct msghdr message = {
        .msg_name = (void *)&call->from, .msg_namelen = sizeof call->from,
        .msg_iov = &bytes, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = {.ipi_spec_dst = call->host};
    memcpy(CMSG_DATA(header), &info, sizeof info);
    sendmsg(udp, &message, 0); /* what is lost will be asked for again */
}

/* Takes one datagram; 0 when there is none now. */
static int receive(struct call *call) {
    char data[2048];
    struct iovec bytes = {data, sizeof data};
    union {
        char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {
        .msg_name = &call->from, .msg_namelen = sizeof call->from,
        .msg_iov = &bytes, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(udp, &message, MSG_DONTWAIT) < 24) {
        return 0;
    }
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h != NULL; h = CMSG_NXTHDR(&message, h)) {
        if (h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(h), sizeof info);
            call->host = info.ipi_addr;
        }
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
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    int on = 1, buffer = 4 << 20;
    struct sockaddr_in local = {.sin_family = AF_INET};
    socklen_t length = sizeof local;
    setsockopt(udp, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(udp, (struct sockaddr *)&local, sizeof local) != 0 ||
        getsockname(udp, (struct sockaddr *)&local, &length) != 0) {
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
    printf("port=%d\n", ntohs(local.sin_port));
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
