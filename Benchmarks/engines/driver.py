"""The other end of a worker: starts one, asks it, and says what it answered."""

import contextlib
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
        self.version = self.greeting() if greets else None

    def greeting(self):
        answer = self.answer()
        if "error" in answer:
            sys.exit(f"{self.name}: {answer['error']}")
        return answer["version"]

    def ask(self, **request):
        """The answer, which has an `error` where there is none: also when the engine's process has ended."""
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(request), file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"its process ended with {self.process.wait()}"}

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()


def throughline(runner, project, threads):
    return Worker("throughline", [runner, project, threads], threads, greets=False)


def peer(name, folder, threads):
    return Worker(name, [sys.executable, "-m", "engines.worker", name, folder, threads], threads, greets=True)
