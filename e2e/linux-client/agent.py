#!/usr/bin/env python3
"""agent.py FOLDER - runs commands inside a guest for whoever writes them into FOLDER.

A guest takes seconds to boot; with this as its command one boot serves many scenarios.
FOLDER lies in /srv, which the guest shares with the server side:

    NAME.cmd   written by the driver (renamed into place): a command for bash
    NAME.pid   written here when it has been started: its process id, in the guest
    NAME.out   its output, as it comes
    NAME.rc    its exit status, when it has ended (128 + N for signal N)
    ready      written here when the first command may be given
    stop       written by the driver: end, after ending what still runs
"""
import os
import signal
import subprocess
import sys
import time

folder = sys.argv[1]
running = {}
seen = set()


def publish(name, text):
    """Writes a file that appears whole."""
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(text)
    os.rename(path + ".new", path)


publish("ready", "%d\n" % os.getpid())
while not os.path.exists(os.path.join(folder, "stop")):
    for entry in sorted(os.listdir(folder)):
        name, suffix = os.path.splitext(entry)
        if suffix != ".cmd" or name in seen:
            continue
        seen.add(name)
        with open(os.path.join(folder, entry), encoding="utf-8") as file:
            command = file.read()
        with open(os.path.join(folder, name + ".out"), "wb") as out:
            job = subprocess.Popen(
                ["bash", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running[name] = job
        publish(name + ".pid", "%d\n" % job.pid)
    for name, job in list(running.items()):
        status = job.poll()
        if status is not None:
            del running[name]
            publish(name + ".rc", "%d\n" % (status if status >= 0 else 128 - status))
    time.sleep(0.02)
for job in running.values():
    os.killpg(job.pid, signal.SIGKILL)
