# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The mutation check: makes each mistake of the table in a copy of the collection; a test must notice it.

    python tests/mutants/run.py [NAME ...]

ends with 1 if a mistake survives, or stands in the table and no longer in the code.
"""

from __future__ import annotations

import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from typing import Sequence

from table import api, audit, edges, holds, runbooks, switch
from table.mutant import Mutant

MUTANTS = (*switch.MUTANTS, *api.MUTANTS, *edges.MUTANTS, *runbooks.MUTANTS, *audit.MUTANTS, *holds.MUTANTS)

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2
# Seconds; only there so that a mutant that hangs ends: a hang is not a test that noticed.
PATIENCE = 120
_FAILED_TESTS = 1


def main(names: Sequence[str]) -> int:
    """Check the mutants with these names, all if there are none."""
    unknown = set(names) - {mutant.name for mutant in MUTANTS}
    if unknown or len({mutant.name for mutant in MUTANTS}) != len(MUTANTS):
        print(f"no such mutant, or a name twice: {', '.join(sorted(unknown))}")
        return 1
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copied(pathlib.Path(folder) / str(number)) for number in range(WORKERS)]
        if not unmutated_passes(copies[0], chosen):
            return 1
        results = checked(copies, chosen)
    failed = sum(not noticed for noticed in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def copied(build: pathlib.Path) -> pathlib.Path:
    """Copy plugins and tests to where Python finds them as a collection; returns the copy."""
    copy = build / "ansible_collections" / "bookieops" / "betmatic"
    copy.mkdir(parents=True)
    for name in ("plugins", "tests", "meta"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "output"))
    return copy


def run_tests(copy: pathlib.Path, tests: Sequence[str], *options: str) -> tuple[int, str]:
    """Run pytest in the copy; returns its exit code and what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BETMATIC_", "PYTEST_", "HYPOTHESIS_"))}
    environment.update(PYTHONPATH=str(copy.parents[2]), PYTHONDONTWRITEBYTECODE="1", HYPOTHESIS_PROFILE="unshrunk")
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(copy), "-p", "no:cacheprovider", *options, *tests]
    try:
        done = subprocess.run(command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return -1, f"took longer than {PATIENCE} s"
    return done.returncode, done.stdout


def unmutated_passes(copy: pathlib.Path, mutants: Sequence[Mutant]) -> bool:
    """Tell whether the tests pass as long as nothing is wrong; one run for each selection by -k."""
    plain = sorted({test for mutant in mutants for test in mutant.tests if len(mutant.tests) == 1})
    selections = [tuple(plain)] if plain else []
    selections += sorted({mutant.tests for mutant in mutants if len(mutant.tests) > 1})
    for tests in selections:
        code, said = run_tests(copy, tests)
        if code != 0:
            print(said)
            print(f"the tests fail without a mutant: {' '.join(tests)}")
            return False
    return True


def checked(copies: Sequence[pathlib.Path], mutants: Sequence[Mutant]) -> list[bool]:
    """Check the mutants, one at a time in each copy."""
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    results: list[bool] = []

    def work(copy: pathlib.Path) -> None:
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            verdict, noticed = check(copy, mutant)
            results.append(noticed)
            print(f"{verdict:10}{mutant.name}  {' '.join(mutant.tests)}", flush=True)

    workers = [threading.Thread(target=work, args=(copy,)) for copy in copies]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results + [False] * (len(mutants) - len(results))


def check(copy: pathlib.Path, mutant: Mutant) -> tuple[str, bool]:
    """Make the mistake, run the tests, restore; returns a word, and whether a test noticed."""
    file = copy / mutant.file
    original = file.read_text(encoding="utf-8")
    if original.count(mutant.text) != 1 or mutant.text == mutant.instead:
        return "STALE", False
    try:
        file.write_text(original.replace(mutant.text, mutant.instead), encoding="utf-8")
        code, said = run_tests(copy, mutant.tests, "-x")
    finally:
        file.write_text(original, encoding="utf-8")
    if code == _FAILED_TESTS:
        return "caught", True
    if code != 0:
        print(said)
    return ("SURVIVED" if code == 0 else "BROKEN"), False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
