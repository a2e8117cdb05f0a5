#!/usr/bin/env python3
"""hammer.py WITNESS PROGRAMS SEED FILE... - locks at random inside a guest, and says when a lock did not hold.

PROGRAMS processes try, wait for, upgrade, downgrade, give back in parts, and give up byte-range locks on the FILEs, until
WITNESS/stop exists; now and then one of them is killed, and another takes its place. WITNESS is a folder outside of NFS that
all guests share, such as one in /srv: whoever has a lock leaves a symbolic link there for each unit of its range, and takes it
away before it gives the lock back. A link is made or is there already, in one step, so of two that believe to have the
same bytes at once at least one finds the other. That is printed as a line "BROKEN ..."; the exit status is 1 then.
"""
import errno, fcntl, os, random, signal, socket, struct, sys, time, traceback

witness, programs, seed, files = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
FLOCK = "hhqqi4x"  # struct flock, 64-bit Linux
UNITS, UNIT_BYTES = 6, 10
EXCLUSIVE, SHARED = "X", "S"
TYPES = {EXCLUSIVE: fcntl.F_WRLCK, SHARED: fcntl.F_RDLCK, None: fcntl.F_UNLCK}
BROKEN, DONE, KILLS_PERCENT = 1, 0, 0.5
with open("/proc/sys/kernel/random/boot_id") as boot_id:
    BOOT = boot_id.read()[:8]


class Interrupted(Exception):
    pass


def interrupt(*_):
    raise Interrupted()


def is_over():
    return os.path.exists(witness + "/stop")


def is_killed(name):
    return os.path.exists("%s/killed.%s" % (witness, name))


class Program:
    """One process that locks; its name is that of its only life."""

    def __init__(self, name):
        self.name = name
        self.dice = random.Random(seed + name)
        self.open = {}
        self.broken = False

    def lock(self, file, command, mode, first, count):
        region = struct.pack(FLOCK, TYPES[mode], 0, first * UNIT_BYTES, count * UNIT_BYTES, 0)
        fcntl.fcntl(self.open[file], command, region)

    def link(self, file, unit, mode):
        name = "%s.%d.%s" % (os.path.basename(file), unit, mode)
        return "%s/%s" % (witness, name if mode == EXCLUSIVE else name + "." + self.name)

    def meets(self, other, file, unit, mode):
        # Who was killed could not take its links away before the kernel gave back its locks.
        if other != self.name and not is_killed(other):
            print("BROKEN", self.name, mode, "meets", other, "on", file, "unit", unit, flush=True)
            self.broken = True

    def enter(self, file, unit, mode):
        link = self.link(file, unit, mode)
        while True:
            try:
                os.symlink(self.name, link)
                break
            except FileExistsError:
                other = owner(link)
                if other is not None:
                    self.meets(other, file, unit, mode)
                    if is_killed(other):
                        remove(link)
                    else:
                        return
        if mode == SHARED:
            other = owner(self.link(file, unit, EXCLUSIVE))
            if other is not None:
                self.meets(other, file, unit, mode)
        else:
            readers = os.path.basename(self.link(file, unit, SHARED))[: -len(self.name)]
            for each in os.listdir(witness):
                if each.startswith(readers):
                    self.meets(each[len(readers) :], file, unit, mode)

    def leave(self, file, unit, mode):
        link = self.link(file, unit, mode)
        if owner(link) == self.name:
            remove(link)

    def run(self):
        signal.signal(signal.SIGALRM, interrupt)
        while not is_over() and not self.broken:
            file = self.dice.choice(files)
            if file not in self.open:
                self.open[file] = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
            first = self.dice.randrange(UNITS)
            count = self.dice.randint(1, UNITS - first)
            mode = self.dice.choice((EXCLUSIVE, EXCLUSIVE, SHARED))
            if self.takes(file, mode, first, count):
                self.works(file, mode, first, count)
            time.sleep(self.dice.choice((0, 0, 0.01, 0.1, 0.3)))
        return BROKEN if self.broken else DONE

    def takes(self, file, mode, first, count):
        """Tries, or waits, and sometimes not for long."""
        waits = self.dice.random() < 0.75
        try:
            if waits and self.dice.random() < 0.3:
                signal.setitimer(signal.ITIMER_REAL, self.dice.choice((0.05, 0.3, 1, 4)))
            self.lock(file, fcntl.F_SETLKW if waits else fcntl.F_SETLK, mode, first, count)
            signal.setitimer(signal.ITIMER_REAL, 0)
            return True
        except Interrupted:
            # It may have been granted in the same moment.
            self.lock(file, fcntl.F_SETLKW, None, first, count)
        except OSError as failure:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if waits or failure.errno not in (errno.EAGAIN, errno.EACCES):
                print("BROKEN", self.name, "lock of", file, failure, flush=True)
                self.broken = True
        return False

    def works(self, file, mode, first, count):
        units = list(range(first, first + count))
        for unit in units:
            self.enter(file, unit, mode)
        time.sleep(self.dice.choice((0, 0, 0.02, 0.1, 0.4)))
        turn = self.dice.random()
        if turn < 0.15:
            mode = self.converts(file, mode, first, count)
        elif turn < 0.3:
            part = units.pop(self.dice.randrange(count))
            self.leave(file, part, mode)
            self.lock(file, fcntl.F_SETLKW, None, part, 1)
        for unit in units:
            self.leave(file, unit, mode)
        end = self.dice.random()
        if end < 0.1:
            os.close(self.open.pop(file))
        elif end < 0.15:
            os._exit(DONE)
        else:
            self.lock(file, fcntl.F_SETLKW, None, first, count)

    def converts(self, file, mode, first, count):
        other = SHARED if mode == EXCLUSIVE else EXCLUSIVE
        units = range(first, first + count)
        if other == SHARED:
            for unit in units:
                self.enter(file, unit, SHARED)
                self.leave(file, unit, EXCLUSIVE)
            self.lock(file, fcntl.F_SETLKW, SHARED, first, count)
            return SHARED
        try:
            self.lock(file, fcntl.F_SETLK, EXCLUSIVE, first, count)
        except OSError:
            return SHARED  # Somebody else reads.
        for unit in units:
            self.enter(file, unit, EXCLUSIVE)
            self.leave(file, unit, SHARED)
        return EXCLUSIVE


def owner(link):
    try:
        return os.readlink(link)
    except OSError:
        return None


def remove(link):
    try:
        os.unlink(link)
    except FileNotFoundError:
        pass


def start(children, lives):
    name = "%s-%s-%d" % (socket.gethostname(), BOOT, lives)
    child = os.fork()
    if child == 0:
        status = BROKEN
        try:
            status = Program(name).run()
        except BaseException:
            traceback.print_exc()
        os._exit(status)
    children[child] = name


def main():
    dice = random.Random(seed + socket.gethostname())
    children, lives, status = {}, 0, DONE
    while lives < programs:
        lives += 1
        start(children, lives)
    while children:
        child, how = os.waitpid(-1, os.WNOHANG)
        if child:
            name = children.pop(child)
            if is_killed(name):
                for each in os.listdir(witness):
                    if owner("%s/%s" % (witness, each)) == name:
                        remove("%s/%s" % (witness, each))
            elif how != DONE:
                status = BROKEN
            if not is_over():
                lives += 1
                start(children, lives)
        elif not is_over() and dice.random() * 100 < KILLS_PERCENT:
            child = dice.choice(list(children))
            open("%s/killed.%s" % (witness, children[child]), "w").close()
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)
    print("programs:", lives, flush=True)
    sys.exit(status)


main()
