#!/usr/bin/env python3
"""How long an author waits for a document: to start, the first time, after an edit of the prose, after one of a query.

Beside R Markdown, Jupyter's nbconvert and marimo on two documents that each of them can render: a small one, with
seven numbers of its own, and one with a query and a chart over a million events. The sizing document, with ten
queries, is Throughline's alone. All take turns; README.md says what is fair about it. Writes `results/render.md` and
`render.json`.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version

from engines import data
from engines.machine import machine, sentence
from engines.process import timed

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENTS = HERE / "documents"
BIN = pathlib.Path(sys.prefix) / "bin"

START, SMALL = "Starting", "A small document"
WEEKLY, SIZED = "One query and one chart over a million events", "The sizing document, over a million events"


class Author:
    """A folder of documents, in which one thing after the other is done and timed."""

    def __init__(self, folder):
        self.folder = folder
        self.times = {}
        self.environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", MPLBACKEND="agg")

    def take(self, what, who, when, command):
        spent = timed(command, self.folder, self.environment)
        self.times.setdefault((what, who, when), []).append(spent)

    def edit(self, name, old, new):
        text = (self.folder / name).read_text()
        assert old in text, f"{name} has no '{old}'"
        (self.folder / name).write_text(text.replace(old, new))

    def forget(self, *names):
        for name in names:
            for path in self.folder.glob(name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def write(folder, shop):
    """The documents, with the data linked in, and written as CSV for R."""
    # Who has rendered one of them where it lies has left a folder there.
    for document in [*filter(pathlib.Path.is_file, DOCUMENTS.iterdir()), data.SIZING]:
        shutil.copy(document, folder)
    (folder / "throughline.yaml").write_text(data.PROJECT)
    (folder / "data").mkdir()
    (folder / "data/shop").symlink_to(shop.resolve())
    # By a process of its own: how much memory this one takes is the least that any program seems to take.
    copy = f"copy (select user_id, ts::timestamp as ts, event from '{shop}/events-*.parquet') to '{folder}/events.csv'"
    subprocess.run([BIN / "python", "-c", f"import duckdb; duckdb.execute({copy!r})"], check=True)


def throughline(author, number):
    who, program = "Throughline", data.PROGRAM
    author.take(START, who, "--version", [program, "--version"])
    author.forget(".throughline", "*.html")
    author.take(SMALL, who, "the first time", [program, "render", "small.md"])
    author.take(SMALL, who, "again", [program, "render", "small.md"])
    author.take(WEEKLY, who, "the first time, with reading the events", [program, "render", "weekly.md"])
    author.take(WEEKLY, who, "again, computing everything", [program, "render", "--force", "weekly.md"])
    author.edit("weekly.md", "title: Who", f"title: {number} Who")
    author.take(WEEKLY, who, "after an edit of the prose", [program, "render", "weekly.md"])
    render = [program, "render", data.SIZING.name]
    author.forget(".throughline")
    author.take(SIZED, who, "the first time, with reading the events", render)
    author.take(SIZED, who, "again, computing everything", [*render, "--force"])
    author.edit(data.SIZING.name, "the same story", f"the same story {number}, and the same story")
    author.take(SIZED, who, "after an edit of the prose", render)
    author.edit(data.SIZING.name, "|> where people >=", f"|> where {number + 1} > 0 and people >=")
    author.take(SIZED, who, "after an edit of one query", render)
    author.edit(data.SIZING.name, "over (later 14 days)", f"over (later {number + 15} days)")
    author.take(SIZED, who, "after an edit that changes most queries", render)


def rmarkdown(author, number):
    who = "R Markdown"
    author.take(START, who, "loading rmarkdown", ["Rscript", "-e", "library(rmarkdown)"])
    author.forget("*_cache", "*_files", "*.html")
    author.take(SMALL, who, "the first time", render_r("small.Rmd"))
    author.take(WEEKLY, who, "the first time, with reading the events", render_r("weekly.Rmd"))
    author.edit("weekly.Rmd", "It is said", f"{number} It is said")
    author.take(WEEKLY, who, "after an edit of the prose", render_r("weekly.Rmd"))


def render_r(document):
    return ["Rscript", "-e", f"rmarkdown::render('{document}', quiet = TRUE)"]


def nbconvert(author, number):
    who, command = "nbconvert", [BIN / "python", "-m", "nbconvert", "--to", "html", "--execute"]
    author.take(START, who, "--version", [BIN / "python", "-m", "nbconvert", "--version"])
    author.take(SMALL, who, "the first time", [*command, "small.ipynb"])
    author.take(WEEKLY, who, "the first time, with reading the events", [*command, "weekly.ipynb"])


def marimo(author, number):
    who, command = "marimo", [BIN / "python", "-m", "marimo", "export", "html", "--force", "-o", "out.html"]
    author.take(START, who, "--version", [BIN / "python", "-m", "marimo", "--version"])
    author.take(SMALL, who, "the first time", [*command, "small.py"])
    author.take(WEEKLY, who, "the first time, with reading the events", [*command, "weekly.py"])


def tools():
    """Who takes part; R does where it is installed."""
    result = [throughline, nbconvert, marimo]
    if shutil.which("Rscript") and shutil.which("pandoc"):
        result.insert(1, rmarkdown)
    else:
        print("bench: R Markdown is left out; apt-get install r-base-core r-cran-rmarkdown r-cran-data.table r-cran-codetools pandoc",
              file=sys.stderr)
    return result


def markdown(result):
    lines = [
        "# Rendering a document", "",
        f"Medians of {result['rounds']} rounds in which all took turns, on {sentence(result['machine'])}, each from the"
        f" start of the program to its end. {result['versions']}.",
        "Written by `make bench`; [how to read it](../README.md).",
    ]
    for what in [START, SMALL, WEEKLY, SIZED]:
        lines += ["", f"## {what}", "", "| | | seconds | CPU seconds | memory, MB |", "|---|---|---:|---:|---:|"]
        for row in result["times"]:
            if row["what"] == what:
                wall, cpu, memory = (statistics.median(one[key] for one in row["rounds"])
                                     for key in ["wall", "cpu", "memory"])
                lines.append(f"| {row['who']} | {row['when']} | {wall / 1e3:.3f} | {cpu / 1e3:.3f} | {memory:,.0f} |")
    return "\n".join(lines) + "\n"


def versions(present):
    names = ["nbconvert", "ipykernel", "marimo", "pandas", "pyarrow"]
    found = [f"{name} {version(name)}" for name in names]
    if rmarkdown in present:
        script = "cat(R.version$major, '.', R.version$minor, ', rmarkdown ', format(packageVersion('rmarkdown'))," \
                 " ', data.table ', format(packageVersion('data.table')), sep = '')"
        text = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout
        found.insert(0, f"R {text}")
    return ", ".join(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=pathlib.Path, default=data.ROOT / "analyses/data/shop")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()
    present = tools()
    with tempfile.TemporaryDirectory() as name:
        author = Author(pathlib.Path(name))
        write(author.folder, options.data)
        for document in ["small", "weekly"]:
            timed([BIN / "python", "-m", "marimo", "export", "ipynb", f"{document}.py", "-o", f"{document}.ipynb"],
                  author.folder, author.environment)
        for number in range(options.rounds):
            print(f"bench: rendering, round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
            for tool in present:
                tool(author, number)
            for document in [*DOCUMENTS.iterdir(), data.SIZING]:
                shutil.copy(document, author.folder)
        times = [{"what": what, "who": who, "when": when, "rounds": rounds}
                 for (what, who, when), rounds in author.times.items()]
    result = {"rounds": options.rounds, "machine": machine(), "versions": versions(present), "times": times}
    options.results.mkdir(exist_ok=True)
    (options.results / "render.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.results / "render.md").write_text(markdown(result))
    print(markdown(result))


if __name__ == "__main__":
    main()
