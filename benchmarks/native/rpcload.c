/*
 * Load on an RPC server from outside: a closed loop with so many calls in flight, for a fixed time or number of calls.
 * Prints one line of JSON.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latency.h"
#include "link.h"
#include "workload.h"

enum { RETRANSMIT_AFTER_MS = 1000, IN_FLIGHT_MAX = 4096, GIVE_UP_MS = 15000 };

static const char USAGE[] =
    "usage: rpcload [OPTION...]\n"
    "  --transport udp|tcp|unix   default udp\n"
    "  --address A --port P       the server; for unix, --address is the path\n"
    "  --hosts N                  udp: N addresses from A on, in turn\n"
    "  --local A                  call from this address\n"
    "  --in-flight W              default 1\n"
    "  --seconds S                default 1; ignored with --count\n"
    "  --work null|pairs|standing|monitor\n"
    "  --program P --version V --procedure N   of null\n"
    "  --file HEX                 handle of the file that pairs and standing lock\n"
    "  --standing N               pairs: so many locks stand there already\n"
    "  --count N --first N        standing, monitor: how many, from which number on\n"
    "  --owners N                 standing: of so many owners, default one each\n";

struct slot {
    uint32_t round, xid;
    uint64_t first_sent, last_sent;
    size_t length;
    uint8_t message[MESSAGE_MAX];
    bool busy;
};

struct run {
    struct link *link;
    struct workload load;
    struct slot slots[IN_FLIGHT_MAX];
    unsigned busy;
    uint64_t now, ends, last_reply, errors, retransmissions;
    struct latency latency;
};

static void send_slot(struct run *run, struct slot *slot) {
    memcpy(link_message(run->link), slot->message, slot->length);
    link_queue(run->link, slot->length);
    slot->last_sent = run->now;
}

/* The slot's number is the xid's remainder, so a reply finds it without a table. */
static void call_next(struct run *run, unsigned number) {
    struct slot *slot = &run->slots[number];
    slot->xid = slot->round++ * run->load.slots + number;
    uint8_t *end = run->load.next(&run->load, number, slot->xid, slot->message);
    slot->busy = end != NULL;
    if (!end)
        return;
    slot->length = (size_t) (end - slot->message);
    slot->first_sent = run->now;
    run->busy++;
    send_slot(run, slot);
}

static void received(void *context, const uint8_t *message, size_t length) {
    struct run *run = context;
    struct reader from = reader_of(message, length);
    uint32_t xid;
    bool success = get_success(&from, &xid);
    unsigned number = xid % run->load.slots;
    struct slot *slot = &run->slots[number];
    if (!slot->busy || slot->xid != xid)
        return;  /* of a call that was answered before */
    run->now = run->last_reply = now_ns();
    if (!success || !run->load.fine(&run->load, number, &from))
        run->errors++;
    if (!run->load.ending)
        latency_add(&run->latency, run->now - slot->first_sent);
    slot->busy = false;
    run->busy--;
    call_next(run, number);
}

static void retransmit(struct run *run) {
    for (unsigned i = 0; i < run->load.slots; i++) {
        struct slot *slot = &run->slots[i];
        if (slot->busy && run->now - slot->last_sent > RETRANSMIT_AFTER_MS * 1000000ull) {
            run->retransmissions++;
            send_slot(run, slot);
        }
    }
}

static double execute(struct run *run, double seconds) {
    uint64_t started = now_ns(), last_look = started, stopped = 0;
    run->now = run->last_reply = started;
    run->ends = started + (uint64_t) (seconds * 1e9);
    /* xids differ from those of the run before, and never wrap round: a remainder would not survive that. */
    uint32_t first_round = (uint32_t) (started >> 20) % (UINT32_MAX / 2 / run->load.slots);
    for (unsigned i = 0; i < run->load.slots; i++) {
        run->slots[i].round = first_round;
        call_next(run, i);
    }
    while (run->busy > 0) {
        link_flush(run->link);
        link_receive(run->link, received, run);
        run->now = now_ns();
        if (!run->load.ending && run->now >= run->ends) {
            run->load.ending = true;
            stopped = run->now;
        }
        if (run->now - run->last_reply > GIVE_UP_MS * 1000000ull) {
            fprintf(stderr, "rpcload: no reply for %d ms\n", GIVE_UP_MS);
            exit(1);
        }
        if (run->link->transport == UDP && run->now - last_look > 100000000) {
            last_look = run->now;
            retransmit(run);
        }
    }
    return (double) ((stopped ? stopped : run->now) - started) / 1e9;
}

static enum transport transport_of(const char *name) {
    if (!strcmp(name, "udp"))
        return UDP;
    if (!strcmp(name, "tcp"))
        return TCP;
    if (!strcmp(name, "unix"))
        return UNIX;
    fputs(USAGE, stderr);
    exit(2);
}

static void choose(struct workload *load, const char *work) {
    if (!strcmp(work, "null"))
        workload_null(load);
    else if (!strcmp(work, "pairs"))
        workload_pairs(load);
    else if (!strcmp(work, "standing"))
        workload_standing(load);
    else if (!strcmp(work, "monitor"))
        workload_monitor(load);
    else {
        fputs(USAGE, stderr);
        exit(2);
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"transport", 1, 0, 't'}, {"address", 1, 0, 'a'},   {"port", 1, 0, 'p'},     {"hosts", 1, 0, 'h'},
        {"local", 1, 0, 'l'},     {"in-flight", 1, 0, 'w'}, {"seconds", 1, 0, 's'},  {"work", 1, 0, 'k'},
        {"program", 1, 0, 'P'},   {"version", 1, 0, 'V'},   {"procedure", 1, 0, 'N'}, {"file", 1, 0, 'f'},
        {"standing", 1, 0, 'S'},  {"count", 1, 0, 'c'},     {"first", 1, 0, 'F'},    {"owners", 1, 0, 'o'},
        {0, 0, 0, 0}};
    struct run *run = calloc(1, sizeof *run);
    const char *address = "127.0.0.1", *local = NULL, *work = "null";
    enum transport transport = UDP;
    long port = 0, hosts = 1, count = 0;
    double seconds = 1;
    int option;
    if (!run)
        die("memory");
    struct workload *load = &run->load;
    load->slots = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 't': transport = transport_of(optarg); break;
        case 'a': address = optarg; break;
        case 'p': port = number("--port", optarg, 1, 65535); break;
        case 'h': hosts = number("--hosts", optarg, 1, 1 << 16); break;
        case 'l': local = optarg; break;
        case 'w': load->slots = (unsigned) number("--in-flight", optarg, 1, IN_FLIGHT_MAX); break;
        case 's': seconds = atof(optarg); break;
        case 'k': work = optarg; break;
        case 'P': load->program = (uint32_t) number("--program", optarg, 0, UINT32_MAX); break;
        case 'V': load->version = (uint32_t) number("--version", optarg, 0, UINT32_MAX); break;
        case 'N': load->procedure = (uint32_t) number("--procedure", optarg, 0, UINT32_MAX); break;
        case 'f': load->file = handle_of_hex(optarg); break;
        case 'S': load->standing = number("--standing", optarg, 0, 1 << 28); break;
        case 'c': count = number("--count", optarg, 1, 1 << 24); break;
        case 'F': load->next_number = number("--first", optarg, 0, 1 << 28); break;
        case 'o': load->owners = number("--owners", optarg, 1, 1 << 28); break;
        default: fputs(USAGE, stderr); return 2;
        }
    }
    load->last_number = load->next_number + count - 1;
    if (load->owners == 0)
        load->owners = 1 << 28;
    choose(load, work);
    run->link = link_open(transport, address, (int) port, (unsigned) hosts, local);
    double took = execute(run, count > 0 ? 600 : seconds);
    printf("{\"calls\": %llu, \"seconds\": %.3f, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, "
           "\"errors\": %llu, \"retransmissions\": %llu}\n",
           (unsigned long long) run->latency.count, took, (double) run->latency.count / took,
           latency_us(&run->latency, 0.50), latency_us(&run->latency, 0.99), (double) run->latency.longest_ns / 1000,
           (unsigned long long) run->errors, (unsigned long long) run->retransmissions);
    return 0;
}
