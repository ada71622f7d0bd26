# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The mutation check: makes each mistake of the table in a copy of the collection; a test must notice it.

    python tests/mutants/run.py [NAME ...]

ends with 1 if a mistake survives, or stands in the table and no longer in the code.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib
import os
import pathlib
import py_compile
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from typing import Iterable, Sequence

import pytest
from table import api, audit, edges, holds, preflight, runbooks, switch
from table.mutant import Mutant

MUTANTS = (*switch.MUTANTS, *api.MUTANTS, *edges.MUTANTS, *runbooks.MUTANTS, *audit.MUTANTS, *holds.MUTANTS, *preflight.MUTANTS)

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2
# Seconds; only there so that a mutant that hangs ends: a hang is not a test that noticed.
PATIENCE = 600
_FAILED_TESTS = 1
# What the tests import and does not change: imported once, before each run of pytest is forked.
_SHARED = """
ansible.errors ansible.module_utils.basic ansible.plugins.callback ansible.plugins.inventory ansible.template cryptography.x509 hypothesis hypothesis.strategies
_hypothesis_pytestplugin jinja2 jsonschema_rs pytest_timeout requests trustme urllib3 xdist.plugin yaml zoneinfo
""".split()


@dataclass(frozen=True)
class Work:
    """Tests to run, with a mistake made or without."""

    tests: tuple[str, ...]
    mutant: Mutant | None = None


def main(names: Sequence[str]) -> int:
    """Check the mutants with these names, all if there are none."""
    unknown = set(names) - {mutant.name for mutant in MUTANTS}
    if unknown or len({mutant.name for mutant in MUTANTS}) != len(MUTANTS):
        print(f"no such mutant, or a name twice: {', '.join(sorted(unknown))}")
        return 1
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    for name in _SHARED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copied(pathlib.Path(folder) / str(number)) for number in range(WORKERS)]
        if not all(done(copies, [Work(tests) for tests in sorted({mutant.tests for mutant in chosen})])):
            return 1
        results = done(copies, [Work(mutant.tests, mutant) for mutant in chosen])
    failed = len(chosen) - sum(results)
    print(f"{sum(results)} passed, {failed} failed")
    return 1 if failed else 0


def copied(build: pathlib.Path) -> pathlib.Path:
    """Copy what the tests read to where Python finds them as a collection; returns the copy."""
    copy = build / "ansible_collections" / "bookieops" / "betmatic"
    copy.mkdir(parents=True)
    for name in ("plugins", "roles", "playbooks", "tests", "meta"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "output"))
    # By content, as a mistake may be made and taken back within a second.
    compileall.compile_dir(copy, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return copy


def done(copies: Sequence[pathlib.Path], work: Iterable[Work]) -> list[bool]:
    """Do all of the work, one at a time in each copy; returns for each whether it went as it should."""
    free, under_way, results = list(copies), {}, []
    waiting = iter(work)
    while True:
        one = next(waiting, None) if free else None
        if one is not None:
            copy = free.pop()
            if one.mutant is not None and not _made(copy, one.mutant):
                print(f"STALE     {one.mutant.name}", flush=True)
                results.append(False)
                free.append(copy)
                continue
            under_way[_started(copy, one)] = one, copy
        elif under_way:
            pid, status = os.wait()
            if pid in under_way:
                ended, copy = under_way.pop(pid)
                results.append(_judged(copy, ended, os.waitstatus_to_exitcode(status)))
                free.append(copy)
        else:
            return results


def _made(copy: pathlib.Path, mutant: Mutant) -> bool:
    """Make the mistake; false where its text does not stand exactly once in its file."""
    file = copy / mutant.file
    original = file.read_text(encoding="utf-8")
    if original.count(mutant.text) != 1 or mutant.text == mutant.instead:
        return False
    file.write_text(original.replace(mutant.text, mutant.instead), encoding="utf-8")
    return True


def _started(copy: pathlib.Path, work: Work) -> int:
    """Start pytest in the copy; returns its process."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        signal.alarm(PATIENCE)
        shown = os.open(_shown(copy), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(shown, 1)
        os.dup2(shown, 2)
        os.chdir(copy)
        for name in [name for name in os.environ if name.startswith(("BETMATIC_", "PYTEST_", "HYPOTHESIS_", "PYTHON"))]:
            del os.environ[name]
        os.environ.update(PYTHONPATH=str(copy.parents[2]), HYPOTHESIS_PROFILE="unshrunk")
        # What pytest makes of the tests, which no mistake changes, is kept beside them.
        sys.dont_write_bytecode = False
        sys.path[0:1] = [str(copy), str(copy.parents[2])]
        del sys.modules["table"]
        code = pytest.main(["-q", "-x", "--rootdir", str(copy), "-p", "no:cacheprovider", *work.tests])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(int(code))


def _judged(copy: pathlib.Path, work: Work, code: int) -> bool:
    """Take the mistake back and say what the tests made of it."""
    if work.mutant is None:
        if code != 0:
            print(_said(copy, code))
            print(f"the tests fail without a mutant: {' '.join(work.tests)}")
        return code == 0
    file = copy / work.mutant.file
    shutil.copyfile(ROOT / work.mutant.file, file)
    noticed = code == _FAILED_TESTS
    if code not in (0, _FAILED_TESTS):
        print(_said(copy, code))
    verdict = "caught" if noticed else "SURVIVED" if code == 0 else "BROKEN"
    print(f"{verdict:10}{work.mutant.name}  {' '.join(work.tests)}", flush=True)
    return noticed


def _said(copy: pathlib.Path, code: int) -> str:
    return f"took longer than {PATIENCE} s" if code == -signal.SIGALRM else _shown(copy).read_text(encoding="utf-8", errors="replace")


def _shown(copy: pathlib.Path) -> pathlib.Path:
    return copy.parents[2] / "shown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
