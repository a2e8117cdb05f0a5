/* One UDP socket at every local address: says where a call was sent to, and answers from there. */
#ifndef EVERY_ADDRESS_H
#define EVERY_ADDRESS_H

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* A socket at a free port, which is stored in host byte order; -1 when that failed. */
static int open_every_address(int *port) {
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    int on = 1, buffer = 4 << 20;
    struct sockaddr_in local = {.sin_family = AF_INET};
    socklen_t length = sizeof local;
    setsockopt(udp, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(udp, (struct sockaddr *)&local, sizeof local) != 0 ||
        getsockname(udp, (struct sockaddr *)&local, &length) != 0) {
        return -1;
    }
    *port = ntohs(local.sin_port);
    return udp;
}

/* Takes one datagram and both of its addresses; its length, or -1 when there is none now. */
static ssize_t receive_at(int udp, void *data, size_t size, struct sockaddr_in *from, struct in_addr *host) {
    struct iovec bytes = {data, size};
    union {
        char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {
        .msg_name = from, .msg_namelen = sizeof *from,
        .msg_iov = &bytes, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(udp, &message, MSG_DONTWAIT);
    if (length < 0) {
        return -1;
    }
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h != NULL; h = CMSG_NXTHDR(&message, h)) {
        if (h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(h), sizeof info);
            *host = info.ipi_addr;
        }
    }
    return length;
}

/* Sends one datagram from an address of this host. What is lost will be asked for again. */
static void send_from(int udp, struct in_addr host, const struct sockaddr_in *to, const void *data, size_t length) {
    struct iovec bytes = {(void *)data, length};
    union {
        char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control = {{0}};
    struct msghdr message = {
        .msg_name = (void *)to, .msg_namelen = sizeof *to,
        .msg_iov = &bytes, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = {.ipi_spec_dst = host};
    memcpy(CMSG_DATA(header), &info, sizeof info);
    sendmsg(udp, &message, 0);
}

#endif
