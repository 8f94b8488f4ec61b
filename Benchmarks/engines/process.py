"""What a program takes, from its start to its end."""

import os
import re
import subprocess
import sys
import time


def timed(command, cwd, environment=None):
    """Wall and CPU time in milliseconds, and the most memory in megabytes, of a program and of those it starts."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, env=environment, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = (time.perf_counter() - start) * 1e3
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}:\n{errors[-2000:]}")
    return {"wall": wall, "cpu": (usage.ru_utime + usage.ru_stime) * 1e3, "memory": usage.ru_maxrss / 1024}


def own_memory(command, cwd):
    """The most megabytes that a program has for itself, without the pages of files that it maps, which the system takes
    back when others need the room. Looked at every two milliseconds."""
    process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    most = 0
    status = f"/proc/{process.pid}/status"
    while process.poll() is None:
        with open(status) as file:
            # A process that has ended, and nobody has asked how, has no memory any more.
            found = re.search(r"^RssAnon:\s+(\d+) kB", file.read(), re.M)
        most = max(most, int(found[1]) if found else 0)
        time.sleep(0.002)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return most / 1024
