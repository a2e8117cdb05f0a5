/* A server that answers NULL with libtirpc, over UDP and TCP on one port, the way rpcgen's skeletons do. */
#include <arpa/inet.h>
#include <rpc/rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void serve(struct svc_req *request, SVCXPRT *transport) {
    if (request->rq_proc > 1)
        svcerr_noproc(transport);
    else
        svc_sendreply(transport, (xdrproc_t) (void (*)(void)) xdr_void, NULL);
}

static int bound(int type, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    int fd = socket(AF_INET, type, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *) &address, sizeof address) != 0 || (type == SOCK_STREAM && listen(fd, 128) != 0)) {
        perror("tirpc_server: bind");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: tirpc_server PORT PROGRAM VERSION\n", stderr);
        return 2;
    }
    int port = atoi(argv[1]);
    rpcprog_t program = strtoul(argv[2], NULL, 10);
    rpcvers_t version = strtoul(argv[3], NULL, 10);
    SVCXPRT *udp = svc_dg_create(bound(SOCK_DGRAM, port), 0, 0);
    SVCXPRT *tcp = svc_vc_create(bound(SOCK_STREAM, port), 0, 0);
    if (!udp || !tcp || !svc_reg(udp, program, version, serve, NULL) || !svc_reg(tcp, program, version, serve, NULL)) {
        fputs("tirpc_server: cannot register\n", stderr);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    svc_run();
    return 1;
}
