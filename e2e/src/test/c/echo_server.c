/* echo_server PATH - libtirpc server of the echo program over UDP, TCP and a UNIX-domain socket.
 * Prints "udp=PORT tcp=PORT" when it serves. Needs no rpcbind. */
#include "echo.h"
#include <rpc/svc_soc.h>
#include <stdio.h>
#include <stdlib.h>

static void serve(struct svc_req *request, SVCXPRT *transport) {
    struct blob blob = {0, NULL};
    switch (request->rq_proc) {
    case NULLPROC:
        svc_sendreply(transport, (xdrproc_t)xdr_void, NULL);
        return;
    case ECHO_PROCEDURE:
        if (!svc_getargs(transport, (xdrproc_t)xdr_blob, (caddr_t)&blob)) {
            svcerr_decode(transport);
            return;
        }
        svc_sendreply(transport, (xdrproc_t)xdr_blob, (caddr_t)&blob);
        svc_freeargs(transport, (xdrproc_t)xdr_blob, (caddr_t)&blob);
        return;
    default:
        svcerr_noproc(transport);
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: echo_server PATH\n");
        return 2;
    }
    SVCXPRT *udp = svcudp_bufcreate(RPC_ANYSOCK, ECHO_MAX + 400, ECHO_MAX + 400);
    SVCXPRT *tcp = svctcp_create(RPC_ANYSOCK, 0, 0);
    SVCXPRT *local = svcunix_create(RPC_ANYSOCK, 0, 0, arguments[1]);
    SVCXPRT *all[] = {udp, tcp, local};
    for (int i = 0; i < 3; i++) {
        /* Protocol 0: do not tell rpcbind. */
        if (all[i] == NULL || !svc_register(all[i], ECHO_PROGRAM, ECHO_VERSION, serve, 0)) {
            fprintf(stderr, "echo_server: transport %d cannot be served\n", i);
            return 1;
        }
    }
    printf("udp=%d tcp=%d\n", udp->xp_port, tcp->xp_port);
    fflush(stdout);
    svc_run();
    return 1;
}
