#!/usr/bin/env python3
"""How long it takes to make a sorted log of Parquet files, beside DuckDB; and to add a file to it.

Both read the same files with as many threads and write what they make to disk, once in order alone and once without
what was delivered twice: Throughline drops that where a source names an `id`. It also checks the files against their
hashes the next time and keeps what was wrong with rows. Writes `results/ingest-20M.md` and `.json`.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
from importlib.metadata import version

from engines import data
from engines.machine import machine, sentence
from engines.process import timed

HERE = pathlib.Path(__file__).resolve().parent

SCRIPT = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute(sys.argv[2])"
SORT = "create table events as select * from '{}' order by user_id, ts"
DISTINCT = "create table events as select distinct on (user_id, event, event_id) * from '{}' order by user_id, ts"
APPEND = "insert into events select * from '{}' order by user_id, ts"


COUNT = "from events |> aggregate count(*) as events"
QUESTION = """from events |> aggregate count(*) as events, count(distinct user_id) as users, sum(revenue) as revenue,
  max(ts) as latest group by country, event"""

LOG = data.PROJECT.split("    dimensions:")[0]
REPEATING = "".join(line for line in LOG.splitlines(keepends=True) if not line.startswith("    id:"))


def project(folder, files, text=LOG):
    """A project of files that are linked in, without the tables beside the log; where its files are."""
    links = folder / "data/shop"
    links.mkdir(parents=True)
    for file in files:
        (links / file.name).symlink_to(file)
    (folder / "throughline.yaml").write_text(text)
    return links


class Round:
    """One round: everything from nothing, and then the last file added to the others."""

    def __init__(self, files, threads):
        self.files = files
        self.threads = threads
        self.times = {}

    def run(self):
        for what, text, statement in [("everything, in order", REPEATING, SORT),
                                      ("everything, without repeats, in order", LOG, DISTINCT)]:
            with self.folder() as name:
                folder = pathlib.Path(name)
                files = project(folder, self.files, text) / "*.parquet"
                self.keep("Throughline", what, self.throughline(folder))
                self.keep("DuckDB", what, self.duckdb(folder, "a", statement, files))
        with self.folder() as name:
            folder = pathlib.Path(name)
            files = project(folder, self.files[:-1])
            self.throughline(folder)
            self.duckdb(folder, "a", SORT, files / "*.parquet")
            (files / self.files[-1].name).symlink_to(self.files[-1])
            self.keep("Throughline", "one more file, in its places", self.throughline(folder))
            self.keep("Throughline", "and then a first question of five columns", self.throughline(folder, QUESTION))
            self.keep("DuckDB", "one more file, at the end", self.duckdb(folder, "a", APPEND, self.files[-1]))
        return self.times

    def folder(self):
        return tempfile.TemporaryDirectory(dir=self.files[0].parent.parent)

    def keep(self, who, what, spent):
        self.times[who, what] = spent

    def throughline(self, folder, question=COUNT):
        command = [data.PROGRAM, "query", "--source", "shop", "--threads", self.threads, "--force", question]
        return timed(command, folder) | {"disk": size(folder / ".throughline")}

    def duckdb(self, folder, name, statement, files):
        settings = f"set threads = {self.threads}; set timezone = 'UTC'; "
        command = [sys.executable, "-c", SCRIPT, folder / f"{name}.duckdb", settings + statement.format(files)]
        return timed(command, folder) | {"disk": size(folder / f"{name}.duckdb")}


def size(path):
    """Megabytes on disk."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def markdown(result):
    lines = [
        f"# Reading {result['events']} events from Parquet", "",
        f"Medians of {result['rounds']} rounds in which both took turns, with {result['threads']} threads on"
        f" {sentence(result['machine'])}. DuckDB {result['duckdb']}. The {result['files']} files have"
        f" {result['megabytes']:,.0f} MB, the last one {result['last']:,.1f} MB, and are in the page cache.",
        "Written by `make bench`; [how to read it](../README.md).", "",
        "| | | seconds | CPU seconds | memory, MB | disk, MB |", "|---|---|---:|---:|---:|---:|",
    ]
    for row in result["times"]:
        wall, cpu, memory, disk = (statistics.median(one[key] for one in row["rounds"])
                                   for key in ["wall", "cpu", "memory", "disk"])
        lines.append(f"| {row['who']} | {row['what']} | {wall / 1e3:.2f} | {cpu / 1e3:.2f} |"
                     f" {memory:,.0f} | {disk:,.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", default="20M", help="how many, 20M unless said otherwise")
    parser.add_argument("--data", type=pathlib.Path, help="the folder for them; by default below .build/bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()
    folder = data.project(options.data or data.ROOT / f".build/bench/{options.events}", data.count(options.events))
    files = sorted((folder / "data/shop").resolve().glob("events-*.parquet"))
    for file in files:
        file.read_bytes()
    rounds = []
    for number in range(options.rounds):
        print(f"bench: reading files, round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        rounds.append(Round(files, options.threads).run())
    times = [{"who": who, "what": what, "rounds": [one[who, what] for one in rounds]} for who, what in rounds[0]]
    result = {
        "events": options.events, "rounds": options.rounds, "threads": options.threads, "machine": machine(),
        "duckdb": version("duckdb"), "files": len(files), "megabytes": sum(map(size, files)), "last": size(files[-1]),
        "times": times,
    }
    options.results.mkdir(exist_ok=True)
    (options.results / f"ingest-{options.events}.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.results / f"ingest-{options.events}.md").write_text(markdown(result))
    print(markdown(result))


if __name__ == "__main__":
    main()
