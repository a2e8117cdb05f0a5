#!/usr/bin/env python3
"""nfsfile.py - nfsfile.py SERVER EXPORT NAME makes a file there by NFS version 3 (MNT, CREATE; RFC 1813) and prints
its handle in hexadecimal digits: what a lock manager wants to know of it."""
import socket
import struct
import sys

RPCBIND, NFS, MOUNT = 100000, 100003, 100005
TCP = 6
AUTH_SYS = struct.pack(">6I", 1, 20, 0, 0, 0, 0) + struct.pack(">I", 0)  # stamp, no name, root, no groups


def opaque(data):
    return struct.pack(">I", len(data)) + data + bytes(-len(data) % 4)


def receive(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            sys.exit("the server has closed the connection")
        data += part
    return data


def call(server, port, program, version, procedure, arguments):
    """The results of one call over a connection of its own."""
    head = struct.pack(">6I", 1, 0, 2, program, version, procedure) + AUTH_SYS + struct.pack(">2I", 0, 0)
    with socket.create_connection((server, port), timeout=20) as connection:
        message = head + arguments
        connection.sendall(struct.pack(">I", 0x80000000 | len(message)) + message)
        (mark,) = struct.unpack(">I", receive(connection, 4))
        reply = receive(connection, mark & 0x7FFFFFFF)
    _, kind, state, _, verifier, accepted = struct.unpack_from(">6I", reply)
    if (kind, state, verifier, accepted) != (1, 0, 0, 0):
        sys.exit("program %d procedure %d: %s" % (program, procedure, reply.hex()))
    return reply[24:]


def port_of(server, program):
    (port,) = struct.unpack(">I", call(server, 111, RPCBIND, 2, 3, struct.pack(">4I", program, 3, TCP, 0)))
    return port or sys.exit("program %d is not registered" % program)


def handle(results, at):
    (length,) = struct.unpack_from(">I", results, at)
    return results[at + 4 : at + 4 + length]


def main():
    server, export, name = sys.argv[1:]
    mounted = call(server, port_of(server, MOUNT), MOUNT, 3, 1, opaque(export.encode()))
    if mounted[:4] != bytes(4):
        sys.exit("MNT %s: %s" % (export, mounted.hex()))
    # UNCHECKED, mode 0644, nothing else set.
    how = struct.pack(">8I", 0, 1, 0o644, 0, 0, 0, 0, 0)
    directory = opaque(handle(mounted, 4))
    made = call(server, port_of(server, NFS), NFS, 3, 8, directory + opaque(name.encode()) + how)
    if made[:8] != struct.pack(">2I", 0, 1):
        sys.exit("CREATE %s: %s" % (name, made.hex()))
    print(handle(made, 8).hex())


main()
