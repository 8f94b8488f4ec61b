"""The figure of the engine benchmark: a document of Throughline's own, of which the figure is taken."""

import pathlib
import re
import subprocess
import tempfile

from engines import data
from engines.table import ENGINES, summary

DOCUMENT = """---
title: Beside the peers
---

```data times
query,engine,times
{rows}
```

```chart figure
point(times, x => log10(times), y => query, color => engine,
      title => 'How many times as long as Throughline', subtitle => '{subtitle}',
      x_label => 'power of ten: 0 is as long, 1 ten times', y_label => '')
  + rule(x => 0)
```
"""


def figure(result):
    """The figure as SVG that stands by itself."""
    rows = [
        f"{query['name'][3:].replace('-', ' ')},{ENGINES[name]},{wall[name] / wall['throughline']:.4f}"
        for query, wall, *_ in summary(result) if "throughline" in wall
        for name in ENGINES if name in wall and name != "throughline"
    ]
    subtitle = f"{result['events']:,} events, {result['threads']} threads, medians of time on the wall"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "throughline.yaml").write_text("timezone: UTC\n")
        (folder / "figure.md").write_text(DOCUMENT.format(rows="\n".join(rows), subtitle=subtitle))
        subprocess.run([data.PROGRAM, "render", "figure.md"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        page = (folder / "figure.html").read_text()
    # There is one for wide pages and one for narrow ones; this is the wide one.
    picture = re.search(r'<svg[^>]* id="chart-1".*?</svg>', page, re.S)[0]
    # In a page it has the page's font, and the page's colour lies behind it.
    return picture.replace("font-family:inherit", "font-family:sans-serif").replace(
        "<svg ", '<svg style="background:#fff" ', 1) + "\n"
