/*
 * The way to the server: a UDP socket, or a TCP or UNIX-domain connection. Messages are collected and leave in one
 * system call where that is possible; what has arrived is handed over message by message.
 */
#ifndef LINK_H
#define LINK_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "wire.h"

enum transport { UDP, TCP, UNIX };
enum { BATCH = 64, RECEIVE_MAX = 1 << 16 };

struct link {
    int fd;
    enum transport transport;
    struct sockaddr_in hosts[1 << 16];
    unsigned host_count, next_host, queued;
    struct mmsghdr out[BATCH], in[BATCH];
    struct iovec out_parts[BATCH], in_parts[BATCH];
    uint8_t out_bytes[BATCH][MESSAGE_MAX];
    uint8_t in_bytes[RECEIVE_MAX];
    size_t in_length;
};

typedef void link_receiver(void *context, const uint8_t *message, size_t length);

/*
 * Opens it. The address is an IPv4 address or the path of a UNIX-domain socket. Over UDP, hosts beyond the first have
 * the addresses that follow, and messages go to them in turn.
 */
struct link *link_open(enum transport transport, const char *address, int port, unsigned hosts, const char *local);

/* Where to put the next message; link_queue says how long it became. */
uint8_t *link_message(struct link *link);
void link_queue(struct link *link, size_t length);
void link_flush(struct link *link);

/* Waits up to 100 ms for something, and hands over all that has come. */
void link_receive(struct link *link, link_receiver *receiver, void *context);

#endif
