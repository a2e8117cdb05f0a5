/* echo_client udp|tcp ADDRESS PORT CALLS, echo_client unix PATH - CALLS
 * libtirpc client of the echo program: makes so many calls, of growing and then again small
 * arguments, and checks every result. Prints how many were right; exit status 0 when all were. */
#include "echo.h"
#include <arpa/inet.h>
#include <rpc/clnt_soc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static CLIENT *create(const char *transport, const char *address, int port) {
    int socket = RPC_ANYSOCK;
    if (strcmp(transport, "unix") == 0) {
        struct sockaddr_un path = {.sun_family = AF_UNIX};
        strncpy(path.sun_path, address, sizeof path.sun_path - 1);
        return clntunix_create(&path, ECHO_PROGRAM, ECHO_VERSION, &socket, 0, 0);
    }
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &server.sin_addr);
    if (strcmp(transport, "tcp") == 0) {
        return clnttcp_create(&server, ECHO_PROGRAM, ECHO_VERSION, &socket, 0, 0);
    }
    struct timeval wait = {1, 0};
    return clntudp_bufcreate(
        &server, ECHO_PROGRAM, ECHO_VERSION, wait, &socket, ECHO_MAX + 400, ECHO_MAX + 400);
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: echo_client udp|tcp|unix ADDRESS|PATH PORT|- CALLS\n");
        return 2;
    }
    CLIENT *client = create(arguments[1], arguments[2], atoi(arguments[3]));
    if (client == NULL) {
        clnt_pcreateerror("echo_client");
        return 1;
    }
    int calls = atoi(arguments[4]), right = 0;
    struct timeval limit = {20, 0};
    static char sent[ECHO_MAX];
    for (int call = 0; call < calls; call++) {
        struct blob argument = {(u_int)call * 37 % 8192, sent}, result = {0, NULL};
        for (u_int i = 0; i < argument.length; i++) {
            sent[i] = (char)(call + i);
        }
        enum clnt_stat status = clnt_call(client, ECHO_PROCEDURE, (xdrproc_t)xdr_blob,
            (caddr_t)&argument, (xdrproc_t)xdr_blob, (caddr_t)&result, limit);
        if (status != RPC_SUCCESS) {
            clnt_perror(client, "echo_client");
            return 1;
        }
        right += result.length == argument.length && memcmp(result.bytes, sent, result.length) == 0;
        clnt_freeres(client, (xdrproc_t)xdr_blob, (caddr_t)&result);
    }
    clnt_destroy(client);
    printf("%d\n", right);
    return right == calls ? 0 : 1;
}
