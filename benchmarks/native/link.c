#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static int open_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) != 0)
        die(path);
    return fd;
}

static int open_inet(struct link *link, int type, const char *local) {
    struct sockaddr_in from = {.sin_family = AF_INET};
    int fd = socket(AF_INET, type, 0), on = 1, buffer = 4 << 20;
    if (local && inet_pton(AF_INET, local, &from.sin_addr) != 1)
        die(local);
    if (fd < 0 || bind(fd, (struct sockaddr *) &from, sizeof from) != 0)
        die("bind");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (link->host_count == 1 && connect(fd, (struct sockaddr *) &link->hosts[0], sizeof link->hosts[0]) != 0)
        die("connect");
    if (type == SOCK_STREAM)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void resolve(struct link *link, const char *address, int port, unsigned hosts) {
    struct in_addr first;
    if (inet_pton(AF_INET, address, &first) != 1)
        die(address);
    link->host_count = hosts;
    for (unsigned i = 0; i < hosts; i++)
        link->hosts[i] = (struct sockaddr_in) {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t) port),
            .sin_addr.s_addr = htonl(ntohl(first.s_addr) + i)};
}

struct link *link_open(enum transport transport, const char *address, int port, unsigned hosts, const char *local) {
    struct link *link = calloc(1, sizeof *link);
    struct timeval patience = {.tv_usec = 100000};
    if (!link)
        die("memory");
    link->transport = transport;
    if (transport == UNIX) {
        link->fd = open_unix(address);
    } else {
        resolve(link, address, port, transport == UDP ? hosts : 1);
        link->fd = open_inet(link, transport == UDP ? SOCK_DGRAM : SOCK_STREAM, local);
    }
    setsockopt(link->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (unsigned i = 0; i < BATCH; i++) {
        link->out_parts[i].iov_base = link->out_bytes[i];
        link->out[i].msg_hdr = (struct msghdr) {.msg_iov = &link->out_parts[i], .msg_iovlen = 1};
        link->in_parts[i] = (struct iovec) {link->in_bytes + i * MESSAGE_MAX, MESSAGE_MAX};
        link->in[i].msg_hdr = (struct msghdr) {.msg_iov = &link->in_parts[i], .msg_iovlen = 1};
    }
    return link;
}

uint8_t *link_message(struct link *link) {
    if (link->queued == BATCH)
        link_flush(link);
    return link->out_bytes[link->queued] + (link->transport == UDP ? 0 : RECORD_MARK);
}

void link_queue(struct link *link, size_t length) {
    unsigned i = link->queued++;
    if (link->transport == UDP) {
        link->out_parts[i].iov_len = length;
        if (link->host_count > 1) {
            link->out[i].msg_hdr.msg_name = &link->hosts[link->next_host];
            link->out[i].msg_hdr.msg_namelen = sizeof link->hosts[0];
            link->next_host = (link->next_host + 1) % link->host_count;
        }
    } else {
        put32(link->out_bytes[i], 0x80000000u | (uint32_t) length);
        link->out_parts[i].iov_len = length + RECORD_MARK;
    }
}

static void write_all(struct link *link) {
    struct iovec *part = link->out_parts, *end = part + link->queued;
    while (part < end) {
        struct msghdr rest = {.msg_iov = part, .msg_iovlen = (size_t) (end - part)};
        ssize_t sent = sendmsg(link->fd, &rest, MSG_NOSIGNAL);
        if (sent < 0)
            die("write");
        while (part < end && (size_t) sent >= part->iov_len)
            sent -= (ssize_t) part++->iov_len;
        if (part < end) {
            part->iov_base = (uint8_t *) part->iov_base + sent;
            part->iov_len -= (size_t) sent;
        }
    }
    for (unsigned i = 0; i < link->queued; i++)
        link->out_parts[i].iov_base = link->out_bytes[i];
}

void link_flush(struct link *link) {
    if (link->queued == 0)
        return;
    if (link->transport == UDP) {
        for (unsigned sent = 0; sent < link->queued;) {
            int n = sendmmsg(link->fd, link->out + sent, link->queued - sent, 0);
            if (n < 0 && errno != ECONNREFUSED && errno != ENOBUFS && errno != EINTR)
                die("send");
            sent += n > 0 ? (unsigned) n : 0;
        }
    } else {
        write_all(link);
    }
    link->queued = 0;
}

static void receive_datagrams(struct link *link, link_receiver *receiver, void *context) {
    int n = recvmmsg(link->fd, link->in, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < n; i++)
        receiver(context, link->in_bytes + (size_t) i * MESSAGE_MAX, link->in[i].msg_len);
}

static void receive_records(struct link *link, link_receiver *receiver, void *context) {
    ssize_t n = read(link->fd, link->in_bytes + link->in_length, RECEIVE_MAX - link->in_length);
    if (n == 0) {
        fprintf(stderr, "%s: the server has closed the connection\n", program_invocation_short_name);
        exit(1);
    }
    if (n < 0)
        return;
    link->in_length += (size_t) n;
    size_t at = 0;
    while (link->in_length - at >= RECORD_MARK) {
        struct reader mark = reader_of(link->in_bytes + at, RECORD_MARK);
        size_t length = get32(&mark) & 0x7fffffff;
        if (length > RECEIVE_MAX - RECORD_MARK) {
            fprintf(stderr, "%s: a record of %zu bytes\n", program_invocation_short_name, length);
            exit(1);
        }
        if (link->in_length - at - RECORD_MARK < length)
            break;
        receiver(context, link->in_bytes + at + RECORD_MARK, length);
        at += RECORD_MARK + length;
    }
    link->in_length -= at;
    memmove(link->in_bytes, link->in_bytes + at, link->in_length);
}

void link_receive(struct link *link, link_receiver *receiver, void *context) {
    if (link->transport == UDP)
        receive_datagrams(link, receiver, context);
    else
        receive_records(link, receiver, context);
}
