/*
 * Answers every RPC call at once: the other side of a client's benchmark. Over UDP from the very address that was
 * asked, so that all of 127.0.0.0/8 are hosts of their own; over TCP and UNIX-domain connections. Where asked to, every so many-th
 * address is dead. Prints "ready".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "answer.h"

enum { BATCH = 64, EVENTS = 256, STREAM_MAX = 1 << 16 };

enum kind { DATAGRAMS, LISTENER, STREAM };

struct source {
    enum kind kind;
    int fd;
    size_t length;
    uint8_t *bytes;  /* STREAM: what has come of a record */
};

struct datagrams {
    struct mmsghdr in[BATCH], out[BATCH];
    struct iovec in_parts[BATCH], out_parts[BATCH];
    struct sockaddr_in peers[BATCH];
    uint8_t in_bytes[BATCH][MESSAGE_MAX], out_bytes[BATCH][MESSAGE_MAX];
    union {
        struct cmsghdr header;
        uint8_t bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    } control[BATCH];
};

static int port;
static uint32_t dead_one_in;  /* 0: none is */
static int poll_fd;
static struct datagrams batch;

static void watch(enum kind kind, int fd) {
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        die("memory");
    *source = (struct source) {.kind = kind, .fd = fd, .bytes = kind == STREAM ? malloc(STREAM_MAX) : NULL};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static void open_datagrams(void) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1, buffer = 8 << 20;
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(fd, (struct sockaddr *) &any, sizeof any) != 0)
        die("bind");
    for (int i = 0; i < BATCH; i++) {
        batch.in_parts[i] = (struct iovec) {batch.in_bytes[i], MESSAGE_MAX};
        batch.out_parts[i].iov_base = batch.out_bytes[i];
    }
    watch(DATAGRAMS, fd);
}

static void open_listener(int fd, const struct sockaddr *address, socklen_t length) {
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address, length) != 0 || listen(fd, 1024) != 0)
        die("listen");
    watch(LISTENER, fd);
}

/* The address that was asked, which the control message names and which makes the reply leave from there. */
static struct in_addr asked_at(struct msghdr *message) {
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    struct in_pktinfo info = {0};
    if (control && control->cmsg_type == IP_PKTINFO)
        memcpy(&info, CMSG_DATA(control), sizeof info);
    info.ipi_ifindex = 0;
    info.ipi_spec_dst = info.ipi_addr;
    if (control)
        memcpy(CMSG_DATA(control), &info, sizeof info);
    return info.ipi_addr;
}

static void answer_datagrams(int fd) {
    for (int i = 0; i < BATCH; i++)
        batch.in[i].msg_hdr = (struct msghdr) {
            .msg_name = &batch.peers[i], .msg_namelen = sizeof batch.peers[i],
            .msg_iov = &batch.in_parts[i], .msg_iovlen = 1,
            .msg_control = &batch.control[i], .msg_controllen = sizeof batch.control[i]};
    int count = recvmmsg(fd, batch.in, BATCH, MSG_DONTWAIT, NULL), replies = 0;
    for (int i = 0; i < count; i++) {
        char host[INET_ADDRSTRLEN];
        struct msghdr *message = &batch.in[i].msg_hdr;
        struct in_addr address = asked_at(message);
        if (dead_one_in > 0 && ntohl(address.s_addr) % dead_one_in == 0)
            continue;
        inet_ntop(AF_INET, &address, host, sizeof host);
        uint8_t *reply = batch.out_bytes[replies];
        uint8_t *end = answer(reply, batch.in_bytes[i], batch.in[i].msg_len, host, port);
        if (end == reply)
            continue;
        batch.out_parts[replies].iov_len = (size_t) (end - reply);
        batch.out[replies].msg_hdr = *message;
        batch.out[replies].msg_hdr.msg_iov = &batch.out_parts[replies];
        batch.out[replies++].msg_hdr.msg_flags = 0;
    }
    for (int sent = 0; sent < replies;) {
        int n = sendmmsg(fd, batch.out + sent, (unsigned) (replies - sent), 0);
        if (n < 0 && errno != EINTR)
            break;  /* the client sends again what is lost here */
        sent += n > 0 ? n : 0;
    }
}

static void accept_all(int fd) {
    int connection, on = 1;
    while ((connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(STREAM, connection);
    }
}

static void end(struct source *source) {
    close(source->fd);
    free(source->bytes);
    free(source);
}

static void answer_stream(struct source *source) {
    static uint8_t out[STREAM_MAX + MESSAGE_MAX];
    ssize_t n = recv(source->fd, source->bytes + source->length, STREAM_MAX - source->length, MSG_DONTWAIT);
    size_t at = 0, out_length = 0;
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            end(source);
        return;
    }
    source->length += (size_t) n;
    while (source->length - at >= RECORD_MARK) {
        struct reader mark = reader_of(source->bytes + at, RECORD_MARK);
        size_t length = get32(&mark) & 0x7fffffff;
        if (length > source->length - at - RECORD_MARK)
            break;
        uint8_t *reply = out + out_length + RECORD_MARK;
        uint8_t *reply_end = answer(reply, source->bytes + at + RECORD_MARK, length, "127.0.0.1", port);
        put32(out + out_length, 0x80000000u | (uint32_t) (reply_end - reply));
        out_length = (size_t) (reply_end - out);
        at += RECORD_MARK + length;
    }
    source->length -= at;
    memmove(source->bytes, source->bytes + at, source->length);
    if (send(source->fd, out, out_length, MSG_NOSIGNAL) != (ssize_t) out_length)
        end(source);
}

static void serve(struct source *source) {
    switch (source->kind) {
    case DATAGRAMS: answer_datagrams(source->fd); break;
    case LISTENER: accept_all(source->fd); break;
    case STREAM: answer_stream(source); break;
    }
}

static void open_all(const char *path) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    open_datagrams();
    open_listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), (struct sockaddr *) &any, sizeof any);
    if (path) {
        struct sockaddr_un local = {.sun_family = AF_UNIX};
        snprintf(local.sun_path, sizeof local.sun_path, "%s", path);
        unlink(path);
        open_listener(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), (struct sockaddr *) &local, sizeof local);
    }
}

int main(int argc, char **argv) {
    struct rlimit files = {8192, 8192};
    if (argc < 2 || argc > 4) {
        fputs("usage: rpcanswer PORT [UNIX-SOCKET [DEAD-ONE-IN]]\n", stderr);
        return 2;
    }
    if (argc == 4)
        dead_one_in = (uint32_t) number("DEAD-ONE-IN", argv[3], 2, 1000000);
    port = (int) number("PORT", argv[1], 1, 65535);
    setrlimit(RLIMIT_NOFILE, &files);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    open_all(argc > 2 ? argv[2] : NULL);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < count; i++)
            serve(events[i].data.ptr);
    }
}
