"""The simulated shop at the size that is asked for, as files and as a project."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path(os.environ.get("THROUGHLINE_PROGRAM", ROOT / ".build/release/throughline"))

SIZING = ROOT / "analyses/reengagement/1-sizing.md"

PROJECT = """timezone: UTC
sources:
  shop:
    events: data/shop/events-*.parquet
    entity: user_id
    time: ts
    event: event
    id: event_id
    dimensions:
      users: {file: data/shop/users.csv, key: user_id}
"""


def count(text):
    """`20M`, `100M`, `500k` or a plain number."""
    factor = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 1)
    return int(float(text.rstrip("kM")) * factor)


def project(folder: pathlib.Path, events: int) -> pathlib.Path:
    """A folder with the files and throughline.yaml; what is there is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "throughline.yaml").exists():
        # Each person makes about 12 events.
        subprocess.run([PROGRAM, "simulate", ROOT / "analyses/shop.yaml", "--people", str(events * 82 // 1000),
                        "--out", folder / "data/shop"], check=True)
        (folder / "throughline.yaml").write_text(PROJECT)
    return folder
