"""The questions, one a page in `queries`, each with what the engines are asked."""

import dataclasses
import pathlib
import re

FENCE = re.compile(r"^```\w+ (\w+)\n(.*?)\n^```$", re.S | re.M)


@dataclasses.dataclass
class Question:
    name: str
    title: str
    columns: list[str]
    texts: dict[str, str]


def questions(folder: pathlib.Path) -> list[Question]:
    result = []
    for page in sorted(folder.glob("*.md")):
        text = page.read_text()
        columns = re.search(r"^Reads: (.*)$", text, re.M)[1].split(", ")
        result.append(Question(page.stem, text.split("\n")[0].removeprefix("# "), columns, dict(FENCE.findall(text))))
    return result


def difference(ours, theirs):
    """What tells two results apart, or nothing: counts are exact, fractions agree to 1e-9; order does not matter."""
    ours, theirs = canonical(ours), canonical(theirs)
    if len(ours) != len(theirs):
        return f"{len(theirs)} rows instead of {len(ours)}"
    for left, right in zip(ours, theirs):
        if len(left) != len(right) or not all(equal(a, b) for a, b in zip(left, right)):
            return f"{right} instead of {left}"
    return None


def equal(a, b):
    if isinstance(a, float) or isinstance(b, float):
        numbers = all(isinstance(value, (int, float)) for value in (a, b))
        return numbers and abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
    return a == b


def canonical(rows):
    """Rows in an order of their own, which fractions have no part in."""

    def key(row):
        return [(value is None, str(value)) for value in row if not isinstance(value, float)]

    return sorted(([plain(value) for value in row] for row in rows), key=key)


def plain(value):
    """A day is written alike by all, also where it is held as its first moment."""
    if isinstance(value, str):
        return re.sub(r"^(\d{4}-\d\d-\d\d)[ T]00:00:00(\.0+)?Z?$", r"\1", value)
    return value
