"""The table of the engine benchmark, from its figures."""

import statistics

from engines.machine import sentence

ENGINES = {"throughline": "Throughline", "duckdb": "DuckDB", "clickhouse": "ClickHouse", "polars": "Polars"}


def median(times, what):
    return statistics.median(one[what] for one in times)


def milliseconds(value):
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def summary(result):
    """The medians of each query, and how much longer the best of the others takes."""
    for query in result["queries"]:
        wall = {name: median(times, "wall") for name, times in query["times"].items()}
        cpu = {name: median(times, "cpu") for name, times in query["times"].items()}
        peers = [name for name in wall if name in ENGINES and name != "throughline"]
        best = min(peers, key=wall.get) if peers else None
        yield query, wall, cpu, best


def markdown(result):
    versions = ", ".join(f"{ENGINES[name]} {version}" for name, version in result["versions"].items())
    bandwidth = result["bandwidth_gb_per_s"]
    lines = [
        f"# The engine on {result['events']:,} events", "",
        f"Medians of {result['rounds']} rounds in which the engines took turns, in milliseconds, with"
        f" {result['threads']} threads on {sentence(result['machine'])}. {versions}.",
        "Written by `make bench`; [how to read it](../README.md).", "",
        f"![How many times as long as Throughline each peer takes](engine-{result['name']}.svg)", "",
        "## On the wall", "",
        "| query | " + " | ".join(ENGINES.values()) + " | best peer ÷ Throughline | as a command | MB | GB/s | of memory |",
        "|---|" + "---:|" * (len(ENGINES) + 5),
    ]
    rows = list(summary(result))
    for query, wall, _, best in rows:
        cells = [milliseconds(wall[name]) if name in wall else "–" for name in ENGINES]
        ratio = f"{wall[best] / wall['throughline']:.1f}" if best and "throughline" in wall else "–"
        command = milliseconds(wall["command"]) if "command" in wall else "–"
        speed = query["bytes"] / wall["throughline"] / 1e6 if "throughline" in wall else None
        scan = [f"{speed:.1f}", f"{speed / bandwidth:.0%}"] if speed else ["–", "–"]
        lines.append("| " + " | ".join(
            [f"[{query['title']}](../queries/{query['name']}.md)", *cells, ratio, command, f"{query['bytes'] / 1e6:,.0f}", *scan]) + " |")
    lines += ["", "## CPU time of all threads", "",
              "| query | " + " | ".join(ENGINES.values()) + " | best peer ÷ Throughline | as a command |",
              "|---|" + "---:|" * (len(ENGINES) + 2)]
    for query, _, cpu, _ in rows:
        cells = [milliseconds(cpu[name]) if name in cpu else "–" for name in ENGINES]
        others = [cpu[name] for name in ENGINES if name in cpu and name != "throughline"]
        ratio = f"{min(others) / cpu['throughline']:.1f}" if others and "throughline" in cpu else "–"
        lines.append("| " + " | ".join(
            [f"[{query['title']}](../queries/{query['name']}.md)", *cells, ratio, milliseconds(cpu["command"]) if "command" in cpu else "–"]) + " |")
    ours = [(wall["throughline"], cpu["throughline"]) for _, wall, cpu, _ in rows if "throughline" in wall]
    commands = [(wall["command"], cpu["command"]) for _, wall, cpu, _ in rows if "command" in wall]
    lines += [
        "", "## All at once", "",
        f"The {len(ours)} queries one by one take {milliseconds(sum(wall for wall, _ in ours))} ms on the wall and"
        f" {milliseconds(sum(cpu for _, cpu in ours))} ms of CPU time, as one document"
        f" {milliseconds(median(result['document'], 'wall'))} ms and"
        f" {milliseconds(median(result['document'], 'cpu'))} ms.",
        f"As commands, which start and open the log each time, they take {milliseconds(sum(wall for wall, _ in commands))} ms and"
        f" {milliseconds(sum(cpu for _, cpu in commands))} ms, rendered as one document by one command"
        f" {milliseconds(median(result['document_as_command'], 'wall'))} ms and"
        f" {milliseconds(median(result['document_as_command'], 'cpu'))} ms.",
        f"This machine reads {bandwidth:.1f} GB/s from memory, in order and with all threads.",
        "",
        "The [sizing document](../../analyses/reengagement/1-sizing.md), rendered by a command that computes everything,"
        f" takes {milliseconds(median(result['sizing']['rounds'], 'wall'))} ms from start to end and"
        f" {milliseconds(median(result['sizing']['rounds'], 'cpu'))} ms of CPU time, and at the most"
        f" {result['sizing']['own_memory_mb']:,.0f} MB of memory beside the files that it maps.",
    ]
    different = [(query["title"], ENGINES[name], verdict) for query, *_ in rows
                 for name, verdict in query["answers"].items() if verdict != "equal"]
    lines += ["", "## Answers", ""]
    lines.append("All answers are equal: counts exactly, fractions to 1e-9." if not different else
                 "Answers are equal, counts exactly, fractions to 1e-9, but for these, which were not timed:")
    lines += [f"- {title}, {engine}: {verdict}" for title, engine, verdict in different]
    return "\n".join(lines) + "\n"
