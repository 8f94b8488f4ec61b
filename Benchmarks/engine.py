#!/usr/bin/env python3
"""This engine beside DuckDB, ClickHouse and Polars on the questions of `queries`.

All hold the same events, each in the way it likes best, and take turns question by question, so that whatever else the
machine does falls on all of them. Answers are compared before anything is timed. README.md says what is fair about
it and what is not. Writes `results/engine-20M.md`, `.json` and `.svg`.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys

from engines import data, driver, table
from engines.figure import figure
from engines.machine import machine
from engines.prepare import prepare
from engines.process import own_memory, timed
from engines.questions import difference, questions

HERE = pathlib.Path(__file__).resolve().parent
RUNNER = HERE / ".build/release/Runner"
PEERS = ["duckdb", "clickhouse", "polars"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", default="20M", help="how many, 20M unless said otherwise")
    parser.add_argument("--data", type=pathlib.Path, help="the folder for them; by default below .build/bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", nargs="*", help="beginnings of names of queries")
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    return parser.parse_args()


def note(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def verified(asked, workers):
    """The answer of each engine beside ours: 'equal', or in what it differs. It warms everything up as well."""
    outcome = {}
    for question in asked:
        answers = {worker.name: worker.ask(kind="query", text=question.texts[worker.name], rows=True)
                   for worker in workers}
        ours = answers["throughline"]
        outcome[question.name] = {}
        for name, answer in answers.items():
            if "error" in answer:
                verdict = answer["error"]
            elif "error" in ours:
                verdict = "nothing to compare with"
            else:
                verdict = difference(ours["rows"], answer["rows"]) or "equal"
            outcome[question.name][name] = verdict
            if verdict != "equal":
                note(f"{question.name}, {name}: {verdict}")
    return outcome


def together(asked):
    """All questions as one document, whose queries are run in passes that they share."""
    blocks = [f"```query q{number}\n{question.texts['throughline']}\n```" for number, question in enumerate(asked)]
    return "---\nsource: shop\n---\n\n" + "\n\n".join(blocks) + "\n"


def measured(asked, workers, outcome, project, options):
    """What each round took, by question and engine, and in the same rounds the command and the documents."""
    ours = workers[0]
    times = {question.name: {} for question in asked}
    documents, commands, renders, bandwidths = [], [], [], []
    answered = [question for question in asked if outcome[question.name]["throughline"] == "equal"]

    def keep(question, name, reply):
        if "error" in reply:
            note(f"{question.name}, {name}: {reply['error']}")
            outcome[question.name][name] = reply["error"]
            times[question.name].pop(name, None)
        else:
            times[question.name].setdefault(name, []).append({"wall": reply["wall"], "cpu": reply["cpu"]})

    for number in range(options.rounds):
        note(f"round {number + 1} of {options.rounds}")
        bandwidths.append(ours.ask(kind="bandwidth")["gigabytesPerSecond"])
        for question in asked:
            # Another one begins in each round.
            for shift in range(len(workers)):
                worker = workers[(number + shift) % len(workers)]
                if outcome[question.name][worker.name] != "equal":
                    continue
                # What it asked last was another question, and since then others had the caches: the second answer
                # is the one of an engine that is warm.
                worker.ask(kind="query", text=question.texts[worker.name])
                keep(question, worker.name, worker.ask(kind="query", text=question.texts[worker.name]))
        for question in answered:
            command = [data.PROGRAM, "query", "--force", "--source", "shop", question.texts["throughline"]]
            keep(question, "command", timed(command, project))
        documents.append(ours.ask(kind="document", text=together(answered)))
        commands.append(timed(rendering(together(answered), project), project))
        renders.append(timed(sizing(project), project))
    for reply in documents:
        if "error" in reply:
            sys.exit(f"the document: {reply['error']}")
    return times, documents, commands, renders, bandwidths


def rendering(text, project):
    """The command that renders a document over the events of a project, computing everything."""
    (project / "document.md").write_text(text)
    return [data.PROGRAM, "render", "--force", "document.md"]


def sizing(project):
    """The same for the sizing document."""
    return rendering(data.SIZING.read_text(), project)


def main():
    options = arguments()
    events = data.count(options.events)
    project = data.project(options.data or data.ROOT / f".build/bench/{options.events}", events).resolve()
    asked = questions(HERE / "queries")
    if options.only:
        asked = [question for question in asked if question.name.startswith(tuple(options.only))]
    note("reading the files")
    timed([data.PROGRAM, "sources"], project)
    folder = prepare(project, options.threads)
    note("loading the peers")
    workers = [driver.throughline(RUNNER, project, options.threads)]
    workers += [driver.peer(name, folder, options.threads) for name in PEERS]
    sizes = workers[0].ask(kind="sizes")["sizes"]
    note("comparing answers")
    outcome = verified(asked, workers)
    memory = own_memory(sizing(project), project)
    times, documents, commands, renders, bandwidths = measured(asked, workers, outcome, project, options)
    rows = sizes.pop("rows")
    result = {
        "name": options.events, "events": rows, "rounds": options.rounds, "threads": options.threads,
        "machine": machine(),
        "versions": {worker.name: worker.version for worker in workers if worker.version},
        "bandwidth_gb_per_s": statistics.median(bandwidths),
        "document": documents,
        "document_as_command": commands,
        "sizing": {"rounds": renders, "own_memory_mb": memory},
        "queries": [
            {"name": question.name, "title": question.title,
             "bytes": sum(sizes[{"user": "user_id"}.get(column, column)] for column in question.columns),
             "answers": outcome[question.name], "times": times[question.name]}
            for question in asked
        ],
    }
    for worker in workers:
        worker.close()
    options.results.mkdir(exist_ok=True)
    (options.results / f"engine-{options.events}.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.results / f"engine-{options.events}.svg").write_text(figure(result))
    text = table.markdown(result)
    (options.results / f"engine-{options.events}.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
