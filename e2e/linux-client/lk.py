#!/usr/bin/env python3
"""lk.py FILE OP... - take POSIX byte-range locks step by step, for linux-client.sh guests.

OP:  ex|sh OFF LEN     try a write|read lock now       (prints "ok" or the errno's name)
     wex|wsh OFF LEN   the same, waiting for it        (prints the seconds waited)
     un OFF LEN        unlock
     fex|fsh|wfex|wfsh|fun           the same by flock(2), which has no range
     lockf OFF LEN, wlockf OFF LEN, ulockf OFF LEN   the same by lockf(3), always for writing
     test OFF LEN      F_GETLK for a write lock        (prints the holder: type start len pid, or "free")
     sleep S           pause
     waitfile PATH     wait (30 s at most) until PATH exists
     touch PATH        create PATH
     note PATH         append a line with the client's name to PATH
     pairs N RANGES    N times: wait for a write lock on one of RANGES ranges of 10 bytes, unlock it
     count N           N times: wait for a write lock on the file, add 1 to both counters in it, unlock
     watch N           N times: wait for a read lock; fail when the counters differ or go back
     close             close FILE and open it again    (drops every lock)
     crash             power the guest off at once, locks held (a client crash)
LEN 0 means to the end of the file.  Every line of output starts with client name and time.
"""
import errno, fcntl, os, socket, struct, sys, time
args = sys.argv[1:]
path = args.pop(0)
FMT = "hhqqi4x"         # struct flock, 64-bit Linux
def say(*a):
    print("%s %.2f" % (socket.gethostname(), time.time() % 1000), *a, flush=True)
def lock(cmd, typ, off, ln):
    return fcntl.fcntl(fd, cmd, struct.pack(FMT, typ, 0, off, ln, 0))
FLOCK = {"fex": fcntl.LOCK_EX | fcntl.LOCK_NB, "fsh": fcntl.LOCK_SH | fcntl.LOCK_NB,
         "wfex": fcntl.LOCK_EX, "wfsh": fcntl.LOCK_SH, "fun": fcntl.LOCK_UN}
LOCKF = {"lockf": os.F_TLOCK, "wlockf": os.F_LOCK, "ulockf": os.F_ULOCK}
# Two counters, far enough apart to lie in different pages.
COUNTERS = (0, 65536)
def counters():
    return [int(os.pread(fd, 16, at) or b"0") for at in COUNTERS]
fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
bad = 0
while args:
    op = args.pop(0)
    t0 = time.time()
    try:
        if op in ("ex", "sh", "wex", "wsh", "un"):
            off, ln = int(args.pop(0), 0), int(args.pop(0), 0)
            typ = {"x": fcntl.F_WRLCK, "h": fcntl.F_RDLCK, "n": fcntl.F_UNLCK}[op[-1]]
            lock(fcntl.F_SETLKW if op[0] == "w" else fcntl.F_SETLK, typ, off, ln)
            say(op, off, ln, "ok", "(%.2f s)" % (time.time() - t0))
        elif op in FLOCK:
            off = ln = 0
            fcntl.flock(fd, FLOCK[op])
            say(op, "ok", "(%.2f s)" % (time.time() - t0))
        elif op in LOCKF:
            off, ln = int(args.pop(0), 0), int(args.pop(0), 0)
            os.lseek(fd, off, os.SEEK_SET)
            os.lockf(fd, LOCKF[op], ln)
            say(op, off, ln, "ok", "(%.2f s)" % (time.time() - t0))
        elif op == "test":
            off, ln = int(args.pop(0), 0), int(args.pop(0), 0)
            t, _, s, l, p = struct.unpack(FMT, lock(fcntl.F_GETLK, fcntl.F_WRLCK, off, ln))
            say(op, off, ln, "free" if t == fcntl.F_UNLCK else
                "%s %d %d pid %d" % ("RD" if t == fcntl.F_RDLCK else "WR", s, l, p))
        elif op == "sleep":
            time.sleep(float(args.pop(0)))
        elif op == "touch":
            os.close(os.open(args.pop(0), os.O_CREAT | os.O_WRONLY, 0o666))
        elif op == "waitfile":
            p = args.pop(0)
            while not os.path.exists(p):
                if time.time() - t0 > 30:
                    say(op, p, "never came"); sys.exit(2)
                time.sleep(0.05)
        elif op == "note":
            with open(args.pop(0), "a") as note:
                note.write(socket.gethostname() + "\n")
        elif op == "pairs":
            off, ln = 0, 10
            count, ranges = int(args.pop(0)), int(args.pop(0))
            for i in range(count):
                off = (i * 7919 + os.getpid()) % ranges * 10
                lock(fcntl.F_SETLKW, fcntl.F_WRLCK, off, ln)
                lock(fcntl.F_SETLK, fcntl.F_UNLCK, off, ln)
            say(op, count, ranges, "ok", "(%.2f s)" % (time.time() - t0))
        elif op == "count":
            off = ln = 0
            count = int(args.pop(0))
            for i in range(count):
                lock(fcntl.F_SETLKW, fcntl.F_WRLCK, 0, 0)
                one, other = counters()
                if one != other:
                    say(op, "counters differ", one, other); sys.exit(2)
                for at in COUNTERS:
                    os.pwrite(fd, b"%16d" % (one + 1), at)
                lock(fcntl.F_SETLK, fcntl.F_UNLCK, 0, 0)
            say(op, count, "ok", "(%.2f s)" % (time.time() - t0))
        elif op == "watch":
            off = ln = 0
            count, last = int(args.pop(0)), 0
            for i in range(count):
                lock(fcntl.F_SETLKW, fcntl.F_RDLCK, 0, 0)
                one, other = counters()
                if one != other or one < last:
                    say(op, "counters", one, other, "after", last); sys.exit(2)
                last = one
                lock(fcntl.F_SETLK, fcntl.F_UNLCK, 0, 0)
            say(op, count, "ok", "(%.2f s)" % (time.time() - t0))
        elif op == "close":
            os.close(fd); fd = os.open(path, os.O_RDWR)
            say(op)
        elif op == "crash":
            say(op); time.sleep(0.2)
            os.system("/bin/busybox poweroff -f")   # a child: exec here would close FILE and unlock
            time.sleep(60)
        else:
            sys.exit("lk.py: unknown op " + op)
    except OSError as e:
        say(op, off, ln, errno.errorcode.get(e.errno, e.errno), "(%.2f s)" % (time.time() - t0))
        bad = 1
sys.exit(bad)
