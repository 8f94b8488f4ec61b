"""The other end of a worker: starts one, asks it, and says what it answered."""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent


class Worker:
    """An engine in a process of its own, which answers one line with one line."""

    def __init__(self, name, command, threads, greets):
        environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), SWIFT_BACKTRACE="enable=no")
        self.name = name
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=HERE, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.version = self.answer()["version"] if greets else None

    def ask(self, **request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def throughline(runner, project, threads):
    return Worker("throughline", [runner, project, threads], threads, greets=False)


def peer(name, folder, threads):
    return Worker(name, [sys.executable, "-m", "engines.worker", name, folder, threads], threads, greets=True)
