# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The recording of the emergency stop in the README: a real run in a terminal, drawn as an SVG that plays in real time.

    python -m ansible_collections.bookieops.betmatic.tests.integration.support.recording FILE    records it anew
"""

from __future__ import annotations

import fcntl
import html
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
import xml.etree.ElementTree
from dataclasses import dataclass

from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment
from ansible_collections.bookieops.betmatic.tests.simulator import harness

COMMAND = "ansible-playbook bookieops.betmatic.emergency_stop"
# The service answers as slowly as in the benchmark.
LATENCY = 0.05
COLUMNS, ROWS = 118, 60
_LINE, _CHARACTER, _MARGIN, _BAR = 19, 8.43, 16, 34
# Seconds before the first line of output, so that one has read the command.
_READ = 1.0
_COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea"}
_PLAIN = "#e6edf3"
_STYLED = re.compile(r"\x1b\[([\d;]*)m")
_STYLE = """
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: %s; white-space: pre; }
.line { animation: appear 1ms both; }
@keyframes appear { from { opacity: 0; } to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .line { animation: none; } }
""" % _PLAIN


@dataclass(frozen=True)
class Line:
    """A line of the terminal, with its colours' codes, and the seconds after the start at which it was there."""

    seconds: float
    text: str


def recorded(simulator, folder):
    """Run the emergency stop in a terminal, against bots that run; returns its lines."""
    simulator.put_accounts({"id": int(key), **{name: one[name] for name in ("display_name", "bookie")}, "bot": "RUNNING"}
                           for key, one in simulator.accounts().items())
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    settings = {
        "BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token, "TERM": "xterm-256color",
        # What a person who runs it every day has set.
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false", "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    }
    environment = {name: value for name, value in clean_environment(folder, settings).items() if name != "ANSIBLE_NOCOLOR"}
    began = time.monotonic()
    with subprocess.Popen(COMMAND.split(), cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        lines = list(_read(ours, began))
    os.close(ours)
    if process.returncode:
        raise RuntimeError("\n".join(line.text for line in lines))
    rules.assert_no_leak("\n".join(line.text for line in lines), simulator.token)
    return lines


def _read(terminal, began):
    """The lines as they come, without empty ones at the end of a task."""
    left = ""
    while True:
        try:
            chunk = os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:  # the last process has closed its side
            return
        left += chunk.replace("\r", "")
        *whole, left = left.split("\n")
        yield from (Line(time.monotonic() - began, line) for line in whole)


def drawn(lines):
    """The lines as an SVG."""
    rows = [(0.0, f"\x1b[32m$\x1b[0m {COMMAND}")]
    rows += [(_READ + line.seconds, part) for line in lines for part in _wrapped(line.text)]
    while not _STYLED.sub("", rows[-1][1]).strip():
        rows.pop()
    width, height = round(2 * _MARGIN + COLUMNS * _CHARACTER), _BAR + len(rows) * _LINE + _MARGIN
    body = "\n".join(_row(number, seconds, text) for number, (seconds, text) in enumerate(rows))
    dots = "".join(f'<circle cx="{20 + 20 * number}" cy="17" r="6" fill="#484f58"/>' for number in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">\n'
        f"<title>The emergency stop in a terminal: every bot off, each proven, and the hold that stands</title>\n"
        f"<style>{_STYLE}</style>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" fill="#0d1117" stroke="#6e7681"/>\n{dots}\n{body}\n</svg>\n'
    )


def _row(number, seconds, text):
    spans, column = [], 0
    for colour, part in _coloured(text):
        fill = f' fill="{colour}"' if colour != _PLAIN else ""
        spans.append(f'<tspan x="{_MARGIN + column * _CHARACTER:.1f}"{fill}>{html.escape(part, quote=False)}</tspan>')
        column += len(part)
    return f'<text class="line" y="{_BAR + number * _LINE + 14}" style="animation-delay: {seconds:.2f}s">{"".join(spans)}</text>'


def _coloured(text):
    """Pairs of a colour and a part of the text."""
    colour = _PLAIN
    for number, part in enumerate(_STYLED.split(text)):
        if number % 2:
            colour = next((_COLOURS[code] for code in part.split(";") if code in _COLOURS), _PLAIN)
        elif part:
            yield colour, part


def _wrapped(text):
    """The line in parts as wide as the terminal, each with its colours."""
    parts, colour, column = [""], "", 0
    for number, piece in enumerate(_STYLED.split(text)):
        if number % 2:
            colour = f"\x1b[{piece}m"
            parts[-1] += colour
            continue
        for character in piece:
            if column == COLUMNS:
                parts.append(colour)
                column = 0
            parts[-1] += character
            column += 1
    return parts


def text_of(svg):
    """What is written in the recording, line by line."""
    found = xml.etree.ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return "\n".join("".join(text.itertext()).rstrip() for text in found)


def _record(path):
    with tempfile.TemporaryDirectory() as folder, harness.start(latency=LATENCY) as simulator:
        # What the first run compiles and caches is nobody's time.
        recorded(simulator, pathlib.Path(folder))
    with tempfile.TemporaryDirectory() as folder, harness.start(latency=LATENCY) as simulator:
        path.write_text(drawn(recorded(simulator, pathlib.Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    os.environ.pop("ANSIBLE_CONFIG", None)
    _record(pathlib.Path(sys.argv[1]))
