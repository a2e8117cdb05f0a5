/*
 * Calls NULL with libtirpc from so many processes, each with one call at a time, which is what a libtirpc handle can
 * do. Prints one line of JSON.
 */
#include <arpa/inet.h>
#include <rpc/rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "latency.h"
#include "process.h"

enum { PROCESSES_MAX = 64 };

struct share {
    struct latency latency;
    unsigned long errors;
};

static void run(struct share *share, int stream, const char *address, int port, double seconds) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    struct timeval patience = {5, 0};
    xdrproc_t nothing = (xdrproc_t) (void (*)(void)) xdr_void;
    int fd = RPC_ANYSOCK;
    inet_pton(AF_INET, address, &server.sin_addr);
    CLIENT *client = stream ? clnttcp_create(&server, 0x20000001, 1, &fd, 0, 0)
                            : clntudp_create(&server, 0x20000001, 1, (struct timeval) {1, 0}, &fd);
    if (!client) {
        clnt_pcreateerror("tirpc_client");
        exit(1);
    }
    uint64_t now = now_ns(), ends = now + (uint64_t) (seconds * 1e9);
    while (now < ends) {
        if (clnt_call(client, 0, nothing, NULL, nothing, NULL, patience) != RPC_SUCCESS)
            share->errors++;
        uint64_t done = now_ns();
        latency_add(&share->latency, done - now);
        now = done;
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fputs("usage: tirpc_client udp|tcp ADDRESS PORT PROCESSES SECONDS\n", stderr);
        return 2;
    }
    int processes = (int) number("PROCESSES", argv[4], 1, PROCESSES_MAX);
    double seconds = atof(argv[5]);
    size_t size = (size_t) processes * sizeof(struct share);
    struct share *shares = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), all = {0};
    if (shares == MAP_FAILED)
        die("mmap");
    for (int i = 0; i < processes; i++) {
        if (fork() == 0) {
            run(&shares[i], !strcmp(argv[1], "tcp"), argv[2], (int) number("PORT", argv[3], 1, 65535), seconds);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    for (int i = 0; i < processes; i++) {
        all.errors += shares[i].errors;
        all.latency.count += shares[i].latency.count;
        if (shares[i].latency.longest_ns > all.latency.longest_ns)
            all.latency.longest_ns = shares[i].latency.longest_ns;
        for (int j = 0; j < BUCKETS; j++)
            all.latency.buckets[j] += shares[i].latency.buckets[j];
    }
    printf("{\"calls\": %lu, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"errors\": %lu}\n",
           (unsigned long) all.latency.count, (double) all.latency.count / seconds, latency_us(&all.latency, 0.5),
           latency_us(&all.latency, 0.99), all.errors);
    return 0;
}
