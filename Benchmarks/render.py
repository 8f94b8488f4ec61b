#!/usr/bin/env python3
"""How long it takes to render a document: the first time, after an edit of its prose, and after an edit of a query.

Measures the sizing document over a million simulated events beside what an author would otherwise wait for: a
smaller notebook of the same kind (one query, one chart) through nbconvert and through marimo, which start from the
very same Parquet files with pandas. All are measured in one run, in turn, and given as medians. Prints a table and
writes it to `render.md` and `render.json` beside this file.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PROGRAM = ROOT / ".build/release/throughline"
PEERS = ROOT / ".build-deps/peers"
PACKAGES = ["nbconvert==7.16.6", "ipykernel==6.29.5", "marimo==0.14.10", "pandas==2.3.1", "pyarrow==21.0.0",
            "matplotlib==3.10.3"]
ROUNDS = int(os.environ.get("ROUNDS", "5"))

CELLS = [
    "import glob\nimport pandas as pd\n"
    "events = pd.concat(pd.read_parquet(f, columns=['user_id', 'ts', 'event'])"
    " for f in sorted(glob.glob('data/shop/events-*.parquet')))",
    "views = events[events.event == 'buy_page_viewed']\n"
    "weekly = views.groupby(views.ts.dt.to_period('W').dt.start_time).user_id.nunique()\nweekly",
    "weekly.plot()",
]


def timed(command, cwd, environment=None):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return seconds


def project(folder):
    """A copy of the analyses that can be edited, with the data linked in."""
    (folder / "reengagement").mkdir()
    shutil.copy(ROOT / "analyses/throughline.yaml", folder)
    shutil.copy(ROOT / "analyses/reengagement/1-sizing.md", folder / "reengagement")
    (folder / "data").symlink_to(ROOT / "analyses/data")
    return folder / "reengagement/1-sizing.md"


def write_peers(folder):
    cells = [{"cell_type": "code", "id": str(i), "metadata": {}, "execution_count": None, "outputs": [],
              "source": source} for i, source in enumerate(CELLS)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "sizing.ipynb").write_text(json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}))
    bodies = ["import marimo\napp = marimo.App()\n"]
    signatures = [("", "events, pd"), ("events", "weekly,"), ("weekly", "")]
    for source, (takes, gives) in zip(CELLS, signatures):
        lines = "\n".join("    " + line for line in source.split("\n"))
        bodies.append(f"@app.cell\ndef _({takes}):\n{lines}\n    return {gives}\n")
    (folder / "sizing.py").write_text("\n".join(bodies))


def peers():
    """The commands of the peers; they are fetched from PyPI into .build-deps the first time."""
    python = PEERS / "bin/python"
    if not (PEERS / ".done").exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES], check=True)
        (PEERS / ".done").touch()
    return {
        "nbconvert, one query and one chart":
            [python, "-m", "nbconvert", "--to", "html", "--execute", "sizing.ipynb", "--output", "out.html"],
        "marimo, one query and one chart":
            [python, "-m", "marimo", "export", "html", "sizing.py", "-o", "out2.html", "--force"],
    }


def main():
    commands = peers()
    times = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        document = project(folder)
        write_peers(folder)
        environment = dict(os.environ, PATH=f"{PEERS / 'bin'}:{os.environ['PATH']}", MPLBACKEND="agg")
        render = [PROGRAM, "render", document]
        original = document.read_text()
        for number in range(ROUNDS):
            def record(what, seconds):
                times.setdefault(what, []).append(seconds)
            document.write_text(original)
            shutil.rmtree(folder / ".throughline", ignore_errors=True)
            record("throughline, the first time, with reading a million events", timed(render, folder))
            document.write_text(original.replace("the same story", f"the same old story ({number})"))
            record("throughline, after an edit of the prose", timed(render, folder))
            document.write_text(original.replace(
                "people >= 50", f"people >= {50 + number + 1}"))
            record("throughline, after an edit of a query", timed(render, folder))
            document.write_text(original.replace("over (later 14 days)", f"over (later {13 - number} days)"))
            record("throughline, after an edit that changes most queries", timed(render, folder))
            for what, command in commands.items():
                record(what, timed([str(part) for part in command], folder, environment))
    medians = {what: statistics.median(values) for what, values in times.items()}
    best = min(medians[what] for what in commands)
    machine = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    lines = [
        "# Rendering a document", "",
        f"Medians of {ROUNDS} rounds, taken in turn, on {os.cpu_count()} cores ({machine}).",
        "Written by `make bench`.", "",
        "| what | seconds | of the faster peer |", "|---|---:|---:|",
    ]
    lines += [f"| {what} | {seconds:.3f} | {seconds / best:.2f} |" for what, seconds in medians.items()]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "render.md").write_text(text)
    (HERE / "render.json").write_text(json.dumps({"machine": machine, "seconds": times}, indent=1) + "\n")


if __name__ == "__main__":
    main()
