/* Makes a file on an NFS version 3 server, over TCP, and prints its handle in hexadecimal digits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "nlm.h"

enum { MOUNT_PROGRAM = 100005, MNT = 1, NFS_PROGRAM = 100003, CREATE = 8, ATTEMPTS = 100 };

struct answer {
    struct handle handle;
    bool arrived, fine;
};

static void take_handle(struct answer *answer, struct reader *from) {
    const uint8_t *bytes;
    uint32_t length = get_opaque(from, &bytes);
    answer->fine = !from->bad && length > 0 && length <= HANDLE_MAX;
    if (answer->fine) {
        answer->handle.length = length;
        memcpy(answer->handle.bytes, bytes, length);
    }
}

static void mounted(void *context, const uint8_t *message, size_t length) {
    struct answer *answer = context;
    struct reader from = reader_of(message, length);
    uint32_t xid;
    answer->arrived = true;
    if (get_success(&from, &xid) && get32(&from) == 0)
        take_handle(answer, &from);
}

static void created(void *context, const uint8_t *message, size_t length) {
    struct answer *answer = context;
    struct reader from = reader_of(message, length);
    uint32_t xid;
    answer->arrived = true;
    if (get_success(&from, &xid) && get32(&from) == 0 && get32(&from) != 0)
        take_handle(answer, &from);
}

static struct handle ask(struct link *link, const uint8_t *end, link_receiver *receiver, const char *what) {
    struct answer answer = {0};
    link_queue(link, (size_t) (end - link_message(link)));
    link_flush(link);
    for (int i = 0; i < ATTEMPTS && !answer.arrived; i++)
        link_receive(link, receiver, &answer);
    if (!answer.fine) {
        fprintf(stderr, "nfsfile: %s failed\n", what);
        exit(1);
    }
    return answer.handle;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fputs("usage: nfsfile ADDRESS MOUNT-PORT NFS-PORT EXPORT NAME\n", stderr);
        return 2;
    }
    struct link *mount = link_open(TCP, argv[1], (int) number("MOUNT-PORT", argv[2], 1, 65535), 1, NULL);
    struct call call = {1, MOUNT_PROGRAM, 3, MNT};
    uint8_t *end = put_string(put_call(link_message(mount), &call, AUTH_SYS), argv[4]);
    struct handle root = ask(mount, end, mounted, "MNT");

    struct link *nfs = link_open(TCP, argv[1], (int) number("NFS-PORT", argv[3], 1, 65535), 1, NULL);
    call = (struct call) {2, NFS_PROGRAM, 3, CREATE};
    end = put_opaque(put_call(link_message(nfs), &call, AUTH_SYS), root.bytes, root.length);
    end = put32(put_string(end, argv[5]), 0);               /* name; unchecked */
    end = put32(put32(end, true), 0644);                    /* mode */
    end = put32(put32(put32(put32(put32(end, 0), 0), 0), 0), 0);  /* no owner, group, size, times */
    struct handle file = ask(nfs, end, created, "CREATE");
    for (uint32_t i = 0; i < file.length; i++)
        printf("%02x", file.bytes[i]);
    putchar('\n');
    return 0;
}
