#!/usr/bin/env python3
"""cable.py - a cable between two network namespaces, and as bad a one as is wanted.

    cable.py SEED PID DEVICE PID DEVICE

makes one network device in the network namespace of each process and carries frames between them until its
standard input ends. A line "LOST REPEATED LATE" there sets how many of a hundred IP packets are lost, are
delivered twice, and come up to a fifth of a second late, so that others overtake them; "0 0 0" at first. Each line is
answered by "ok". What is not IP (ARP) always comes through, once.
"""
import ctypes
import fcntl
import heapq
import os
import random
import selectors
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
FRAME_MAX = 65536
LATE_SECONDS = 0.2
IP = (0x0800, 0x86DD)


def device(pid, name):
    """A network device over there; what is written to it arrives there."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/%s/ns/net" % pid) as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns to the network of " + pid)
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


class Cable:
    def __init__(self, seed, one, other):
        self.dice = random.Random(seed)
        self.across = {one: other, other: one}
        self.quality = (0, 0, 0)
        self.late = []  # (when, number, to, frame)
        self.number = 0

    def carry(self, tap):
        while True:
            try:
                frame = os.read(tap, FRAME_MAX)
            except BlockingIOError:
                return
            lost, repeated, late = self.quality
            (kind,) = struct.unpack_from("!H", frame, 12)
            if kind not in IP:
                self.deliver(self.across[tap], frame)
                continue
            copies = 2 if self.chance(repeated) else 1
            for _ in range(copies):
                if self.chance(lost):
                    continue
                if self.chance(late):
                    self.number += 1
                    when = time.monotonic() + self.dice.random() * LATE_SECONDS
                    heapq.heappush(self.late, (when, self.number, self.across[tap], frame))
                else:
                    self.deliver(self.across[tap], frame)

    def chance(self, percent):
        return self.dice.random() * 100 < percent

    @staticmethod
    def deliver(tap, frame):
        try:
            os.write(tap, frame)
        except OSError:
            pass  # The device is down, or its queue is full: lost, as on any cable.

    def deliver_late(self):
        """Seconds until the next one is due."""
        while self.late:
            left = self.late[0][0] - time.monotonic()
            if left > 0:
                return left
            _, _, to, frame = heapq.heappop(self.late)
            self.deliver(to, frame)
        return None


def main():
    seed, pid, name, other_pid, other_name = sys.argv[1:]
    one, other = device(pid, name), device(other_pid, other_name)
    cable = Cable(int(seed), one, other)
    selector = selectors.DefaultSelector()
    for each in (one, other, sys.stdin.fileno()):
        selector.register(each, selectors.EVENT_READ)
    print("ok", flush=True)
    while True:
        for key, _ in selector.select(cable.deliver_late()):
            if key.fd != sys.stdin.fileno():
                cable.carry(key.fd)
                continue
            line = os.read(key.fd, 1024)
            if not line:
                return
            cable.quality = tuple(int(word) for word in line.split())
            print("ok", flush=True)


main()
