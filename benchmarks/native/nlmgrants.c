/*
 * How long it takes from an UNLOCK, sent, to the GRANTED call to the next of so many waiters, received. Is the whole
 * client host for that: an rpcbind on port 111 of its own address, the lock manager that is called back, and the
 * programs that lock. The one that had the lock queues again, so that the number of waiters stays. Prints one line of
 * JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "latency.h"
#include "nlm.h"

/* Always the same port, as a host has: servers remember it. */
enum { CALLBACK_PORT = 4045 };

enum { GRANT_LIMIT_MS = 5000, REPLY_LIMIT_MS = 5000, WAITERS_MAX = 100000 };

static const struct lock WANTED = {0, 0, 100};

struct host {
    const char *address;
    int calls, callbacks, rpcbind;  /* sockets */
    struct sockaddr_in server;
    struct handle file;
    uint32_t xid, reply_xid, reply_status;
    uint64_t reply_at;
    uint32_t granted_to;            /* svid of the latest GRANTED call */
    uint64_t granted_at;
    struct latency latency;
    uint64_t errors;
};

static struct sockaddr_in address_of(const char *text, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
        fprintf(stderr, "nlmgrants: %s is no IPv4 address\n", text);
        exit(2);
    }
    return address;
}

static int bound(const char *address, int port) {
    struct sockaddr_in local = address_of(address, port);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *) &local, sizeof local) != 0)
        die(port == RPCBIND_PORT ? "port 111 of the client's address" : address);
    return fd;
}

static void receive_reply(struct host *host) {
    uint8_t message[MESSAGE_MAX];
    ssize_t length = recv(host->calls, message, sizeof message, MSG_DONTWAIT);
    struct reader from = reader_of(message, length > 0 ? (size_t) length : 0);
    uint32_t xid;
    if (get_success(&from, &xid)) {
        host->reply_xid = xid;
        host->reply_status = get_nlm_status(&from);
        host->reply_at = now_ns();
    }
}

static void answer_rpcbind(struct host *host) {
    uint8_t message[MESSAGE_MAX], reply[MESSAGE_MAX];
    struct sockaddr_in peer;
    socklen_t peer_length = sizeof peer;
    ssize_t length = recvfrom(host->rpcbind, message, sizeof message, MSG_DONTWAIT, (struct sockaddr *) &peer,
                              &peer_length);
    if (length <= 0)
        return;
    uint8_t *end = answer(reply, message, (size_t) length, host->address, CALLBACK_PORT);
    sendto(host->rpcbind, reply, (size_t) (end - reply), 0, (struct sockaddr *) &peer, peer_length);
}

/* GRANTED is answered by its reply, GRANTED_MSG by a call. */
static void receive_granted(struct host *host) {
    uint8_t message[MESSAGE_MAX], reply[MESSAGE_MAX], *end;
    struct sockaddr_in peer;
    socklen_t peer_length = sizeof peer;
    ssize_t length = recvfrom(host->callbacks, message, sizeof message, MSG_DONTWAIT, (struct sockaddr *) &peer,
                              &peer_length);
    uint64_t now = now_ns();
    struct reader from = reader_of(message, length > 0 ? (size_t) length : 0);
    struct call call;
    const uint8_t *cookie, *skipped;
    if (!get_call(&from, &call))
        return;
    if (call.program != NLM_PROGRAM || (call.procedure != NLM_GRANTED && call.procedure != NLM_GRANTED_MSG)) {
        end = put_success(reply, call.xid);  /* NULL */
        sendto(host->callbacks, reply, (size_t) (end - reply), 0, (struct sockaddr *) &peer, peer_length);
        return;
    }
    uint32_t cookie_length = get_opaque(&from, &cookie);
    get32(&from);  /* exclusive */
    for (int i = 0; i < 3; i++)
        get_opaque(&from, &skipped);  /* caller, file, owner */
    uint32_t svid = get32(&from);
    if (from.bad)
        return;
    if (svid != host->granted_to) {
        host->granted_to = svid;
        host->granted_at = now;
    }
    if (call.procedure == NLM_GRANTED) {
        end = put_success(reply, call.xid);
    } else {
        struct call result = {call.xid, NLM_PROGRAM, NLM_VERSION, NLM_GRANTED_RES};
        end = put_call(reply, &result, AUTH_SYS);
        peer = host->server;
    }
    end = put32(put_opaque(end, cookie, cookie_length), NLM4_GRANTED);
    sendto(host->callbacks, reply, (size_t) (end - reply), 0, (struct sockaddr *) &peer, sizeof peer);
}

static void serve(struct host *host) {
    struct pollfd sockets[] = {{host->calls, POLLIN, 0}, {host->callbacks, POLLIN, 0}, {host->rpcbind, POLLIN, 0}};
    poll(sockets, 3, 100);
    if (sockets[1].revents)
        receive_granted(host);
    if (sockets[0].revents)
        receive_reply(host);
    if (sockets[2].revents)
        answer_rpcbind(host);
}

static void send_call(struct host *host, bool unlock, uint32_t owner, bool block) {
    uint8_t message[MESSAGE_MAX];
    struct lock lock = WANTED;
    lock.owner = owner;
    host->xid++;
    uint8_t *end = unlock ? put_unlock_call(message, host->xid, &host->file, &lock)
                          : put_lock_call(message, host->xid, &host->file, &lock, block);
    if (send(host->calls, message, (size_t) (end - message), 0) < 0 && errno != ECONNREFUSED)
        die("send");
}

static bool await_reply(struct host *host) {
    uint64_t limit = now_ns() + REPLY_LIMIT_MS * 1000000ull;
    while (host->reply_xid != host->xid) {
        if (now_ns() > limit)
            return false;
        serve(host);
    }
    return true;
}

static void lock(struct host *host, uint32_t owner, uint32_t expected) {
    send_call(host, false, owner, expected == NLM4_BLOCKED);
    if (!await_reply(host) || host->reply_status != expected) {
        fprintf(stderr, "nlmgrants: LOCK of owner %u got status %u (expected: %u)\n", owner, host->reply_status,
                expected);
        exit(1);
    }
}

/* Hands the lock from its holder to the next; returns who that is, or the holder when nobody was called. */
static uint32_t hand_over(struct host *host, uint32_t holder) {
    uint64_t sent = now_ns(), limit = sent + GRANT_LIMIT_MS * 1000000ull;
    send_call(host, true, holder, false);
    while (host->granted_to == holder && now_ns() < limit)
        serve(host);
    if (!await_reply(host) || host->reply_status != NLM4_GRANTED || host->granted_to == holder) {
        host->errors++;
        return holder;
    }
    latency_add(&host->latency, host->granted_at - sent);
    return host->granted_to;
}

static void release_all(struct host *host, uint32_t owners) {
    for (uint32_t i = 1; i <= owners; i++) {
        send_call(host, true, i, false);
        await_reply(host);
    }
    for (uint32_t i = owners; i >= 1; i--) {
        send_call(host, true, i, false);
        await_reply(host);
    }
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fputs("usage: nlmgrants SERVER PORT CLIENT-ADDRESS FILE-HANDLE WAITERS SECONDS\n", stderr);
        return 2;
    }
    static struct host host;
    host.address = argv[3];
    host.server = address_of(argv[1], (int) number("PORT", argv[2], 1, 65535));
    host.file = handle_of_hex(argv[4]);
    uint32_t waiters = (uint32_t) number("WAITERS", argv[5], 1, WAITERS_MAX);
    host.calls = bound(host.address, 0);
    host.callbacks = bound(host.address, CALLBACK_PORT);
    host.rpcbind = bound(host.address, RPCBIND_PORT);
    host.xid = (uint32_t) now_ns();
    if (connect(host.calls, (struct sockaddr *) &host.server, sizeof host.server) != 0)
        die("connect");

    uint32_t holder = 1;
    host.granted_to = holder;
    lock(&host, holder, NLM4_GRANTED);
    for (uint32_t i = 2; i <= waiters + 1; i++)
        lock(&host, i, NLM4_BLOCKED);
    uint64_t started = now_ns(), ends = started + (uint64_t) (atof(argv[6]) * 1e9);
    while (now_ns() < ends && host.errors == 0) {
        uint32_t next = hand_over(&host, holder);
        if (next != holder)
            lock(&host, holder, NLM4_BLOCKED);
        holder = next;
    }
    double took = (double) (now_ns() - started) / 1e9;
    printf("{\"calls\": %llu, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, \"errors\": %llu}\n",
           (unsigned long long) host.latency.count, (double) host.latency.count / took,
           latency_us(&host.latency, 0.50), latency_us(&host.latency, 0.99), (double) host.latency.longest_ns / 1000,
           (unsigned long long) host.errors);
    release_all(&host, waiters + 1);
    return 0;
}
