/* reboot_listeners - every address of 127.1.0.0/16 as a host with a status monitor.
 *
 * rpcbind and the monitor (program 100024) share one UDP port, at which calls are taken at whatever
 * local address they are sent to and answered from there. Host n is 127.1.(n/200).(n%200 + 1); every
 * tenth is dead, and of the others one in a hundred answers late. Prints "port=N"; when a line comes
 * on standard input, how many hosts have heard two notices, more, and anything while dead. */
#include "every_address.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { HOSTS = 200 * 256, DELAYED = 1 << 16, LATE_MILLIS = 700 };
enum { RPCBIND = 100000, GETPORT_OR_GETADDR = 3, STATUS = 100024, SM_NOTIFY = 6 };

struct reply {
    struct in_addr host;
    struct sockaddr_in to;
    int64_t due;
    uint32_t words[16];
    size_t length;
};

static int udp, port;
static unsigned char heard[HOSTS];
static struct reply delayed[DELAYED];
static unsigned head, tail;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void answer(struct reply *reply) {
    send_from(udp, reply->host, &reply->to, reply->words, reply->length);
}

/* Fills in the answer to a call; 0 when there is none. */
static int serve(const uint32_t *call, int host, struct reply *reply) {
    uint32_t program = ntohl(call[3]), version = ntohl(call[4]), procedure = ntohl(call[5]);
    memset(reply->words, 0, sizeof reply->words);
    reply->words[0] = call[0];
    reply->words[1] = htonl(1);
    reply->length = 24;
    if (program == RPCBIND && procedure == GETPORT_OR_GETADDR) {
        if (version == 2) {
            reply->words[6] = htonl(port);
            reply->length += 4;
        } else {
            char text[32], dotted[INET_ADDRSTRLEN];
            inet_ntop(AF_INET, &reply->host, dotted, sizeof dotted);
            int length = snprintf(text, sizeof text, "%s.%d.%d", dotted, port >> 8, port & 255);
            reply->words[6] = htonl(length);
            memcpy(&reply->words[7], text, length);
            reply->length += 4 + (length + 3) / 4 * 4;
        }
        return 1;
    }
    if (program == STATUS && procedure == SM_NOTIFY) {
        heard[host] += heard[host] < 255;
        return 1;
    }
    return 0;
}

static int receive(void) {
    uint32_t data[512];
    struct reply reply;
    ssize_t size = receive_at(udp, data, sizeof data, &reply.to, &reply.host);
    if (size < 0) {
        return 0;
    }
    uint32_t address = ntohl(reply.host.s_addr);
    int host = (int)(address >> 8 & 255) * 200 + (int)(address & 255) - 1;
    if (size < 40 || host < 0 || host >= HOSTS || host % 10 == 0 || !serve(data, host, &reply)) {
        return 1;
    }
    if (host % 100 == 1) {
        reply.due = now() + LATE_MILLIS;
        if (tail - head < DELAYED) {
            delayed[tail++ % DELAYED] = reply;
        }
    } else {
        answer(&reply);
    }
    return 1;
}

static void report(void) {
    int twice = 0, more = 0, dead = 0;
    for (int host = 0; host < HOSTS; host++) {
        twice += heard[host] == 2;
        more += heard[host] > 2;
        dead += host % 10 == 0 && heard[host] > 0;
    }
    printf("twice=%d more=%d dead=%d\n", twice, more, dead);
    fflush(stdout);
}

int main(void) {
    udp = open_every_address(&port);
    if (udp < 0) {
        perror("reboot_listeners");
        return 1;
    }
    printf("port=%d\n", port);
    fflush(stdout);
    struct pollfd sources[] = {{udp, POLLIN, 0}, {0, POLLIN, 0}};
    for (;;) {
        int64_t wait = head == tail ? -1 : delayed[head % DELAYED].due - now();
        poll(sources, 2, head != tail && wait < 0 ? 0 : (int)wait);
        while (receive()) {
        }
        while (head != tail && delayed[head % DELAYED].due <= now()) {
            answer(&delayed[head++ % DELAYED]);
        }
        if (sources[1].revents & (POLLIN | POLLHUP)) {
            char line[64];
            if (fgets(line, sizeof line, stdin) == NULL) {
                return 0;
            }
            report();
        }
    }
}
