"""One peer in a process of its own: `python -m engines.worker NAME FOLDER THREADS`.

Speaks as the Runner does: a line of JSON asks, `{"text": …, "rows": …}`, and a line of JSON answers with what the query
took on the wall and of all threads' CPU time, in milliseconds, and with its rows where they are wanted.
"""

import importlib
import json
import os
import pathlib
import sys
import time


def main():
    name, folder, threads = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    # Whatever a peer prints is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    module = importlib.import_module(f"engines.{name}")
    run = module.open(folder, threads)
    print(json.dumps({"version": module.VERSION}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            wall, cpu = time.perf_counter(), time.process_time()
            rows = run(request["text"])
            reply = {"wall": (time.perf_counter() - wall) * 1e3, "cpu": (time.process_time() - cpu) * 1e3}
            if request.get("rows"):
                reply["rows"] = rows
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply, default=str), file=answers, flush=True)


if __name__ == "__main__":
    main()
