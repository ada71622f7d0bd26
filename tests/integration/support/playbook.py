# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module as an operator does: ansible-playbook as a process of its own, and its registered result as JSON."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from ansible_collections.bookieops.betmatic.tests.integration.support import forked

BUILD = pathlib.Path(__file__).resolve().parents[6]
MODULE = "bookieops.betmatic.bookie_bot"
# Seconds; only there so that a task that hangs ends the test.
PATIENCE = 180

_MEASURED = """#!{python}
import resource, subprocess, sys
code = subprocess.call([{python!r}, *sys.argv[1:]])
with open({file!r}, "a") as file:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=file)
sys.exit(code)
"""


@dataclass(frozen=True)
class Run:
    """What a playbook left: results by name of the task, and all that was shown."""

    results: dict
    shown: str
    megabytes: float | None = None

    def shown_of(self, name):
        """What was shown of one task."""
        return self._sections().get(name, "")

    def shown_besides(self):
        """What was shown of none of the module's tasks."""
        return "".join(text for name, text in self._sections().items() if name not in self.results)

    def _sections(self):
        parts = re.split(r"^TASK \[(.*)\] \**\n", self.shown, flags=re.MULTILINE)
        return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


@dataclass(frozen=True)
class Task:
    """One task of bookie_bot: its options as text, its keywords such as check_mode, its own variables as {{ name }}."""

    name: str
    options: str
    variables: dict
    keywords: dict = field(default_factory=dict)


def clean_environment(folder, more=()):
    """An environment that has nothing of the caller's, and leaves nothing outside the folder; `more` is added."""
    return {
        "PATH": os.pathsep.join((os.path.dirname(sys.executable), os.defpath)),
        "LANG": "C.UTF-8",
        "HOME": str(folder / "home"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_REMOTE_TMP": str(folder / "remote"),
        **{name: value for name, value in forked.USUAL.items() if name != "ANSIBLE_PIPELINING"},
        **dict(more),
    }


def command(folder, simulator, tool, *arguments, code=0, more=(), prefix=()):
    """Run one of Ansible's commands with the simulator's URL and token in its environment, and `more`; returns all that it shows.

    `prefix`: a command that runs it.
    """
    # Pipelining for speed; the molecule scenarios and what is started by a shell go without.
    service = {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token, "ANSIBLE_PIPELINING": "true"}
    environment = clean_environment(folder, {**service, **dict(more)})
    if not prefix and forked.can_run(environment):
        returned, shown = forked.run([tool, *arguments], folder, environment, PATIENCE)
        assert returned == code, shown[-5000:]
        return shown
    run = subprocess.run(
        [*prefix, sys.executable, "-m", "ansible", tool, *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=PATIENCE,
    )
    assert run.returncode == code, run.stdout[-5000:]
    return run.stdout


class Playbook:
    """Tasks in a folder of their own; each result is kept though the task fails.

    `environment` is added to a clean one, `files` go to the home folder. `named`: the module's process can be found by name.
    """

    def __init__(self, folder, tasks, environment=(), files=(), defaults=MODULE, measured=False, named=False, as_a_command=True):
        self.folder = folder
        self.tasks = tasks
        self.measured = measured
        # The command itself, or a process forked from one that has imported it.
        self.as_a_command = as_a_command or measured or named
        self._process = None
        folder.joinpath("home").mkdir(parents=True)
        for name, text in dict(files).items():
            folder.joinpath("home", name).write_text(text, encoding="utf-8")
        # Not in the playbook itself: core shows lines of it in its warnings.
        folder.joinpath("variables.json").write_text(json.dumps({"of_task": [task.variables for task in tasks]}), encoding="utf-8")
        folder.joinpath("play.yml").write_text(self._text(defaults), encoding="utf-8")
        # Pipelining for speed.
        self.environment = clean_environment(folder, {"ANSIBLE_PIPELINING": str(not named).lower(), "BETMATIC_IN_PROCESS": str(not named), **dict(environment)})

    def _text(self, defaults):
        """The playbook as YAML: options as they stand in the case, all else as JSON."""
        python = self._measuring_python() if self.measured else "{{ ansible_playbook_python }}"
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": {"ansible_python_interpreter": python}}
        if defaults:
            play["module_defaults"] = {defaults: {"api_url": "{{ url }}", "api_token": "{{ token }}"}}
            # ansible-core 2.16 resolves them for every task, also where no module uses them.
            play["vars"].update(url="", token="")
        lines = [f"  {name}: {json.dumps(value)}" for name, value in play.items()] + ["  tasks:"]
        for number, task in enumerate(self.tasks):
            variables = {name: "{{ of_task[%d].%s }}" % (number, name) for name in task.variables}
            keywords = {"vars": variables, "register": f"result_{number}", "ignore_errors": True, **task.keywords}
            lines += [f"  - name: {json.dumps(task.name)}", f"    {MODULE}: {task.options}"]
            lines += [f"    {name}: {json.dumps(value)}" for name, value in keywords.items()]
        results = ", ".join(f"{json.dumps(task.name)}: result_{number}" for number, task in enumerate(self.tasks))
        keep = {"content": "{{ {%s} | to_json }}" % results, "dest": str(self.folder / "results.json"), "mode": "0600"}
        lines += ["  - name: keep the results", f"    ansible.builtin.copy: {json.dumps(keep)}"]
        return "-\n" + "\n".join(lines) + "\n"

    def _measuring_python(self):
        script = self.folder / "measured"
        script.write_text(_MEASURED.format(python=sys.executable, file=str(self.folder / "kilobytes")), encoding="utf-8")
        script.chmod(0o700)
        return str(script)

    def start(self):
        """Let it run."""
        arguments = ["playbook", "-vvvvv", "-e", "@variables.json", "play.yml"]
        with open(self.folder / "shown", "wb") as file:
            if not self.as_a_command and forked.can_run(self.environment):
                self._process = forked.start(arguments, self.folder, self.environment, file)
                return self
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ansible", *arguments], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, start_new_session=True,
            )
        return self

    def end(self):
        """Wait for its end and read what it left."""
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shown, file = _read(self.folder / "shown"), self.folder / "results.json"
        assert file.exists(), f"the playbook hangs or breaks:\n{shown[-5000:]}"
        megabytes = None
        if self.measured:
            megabytes = max(int(line) for line in (self.folder / "kilobytes").read_text(encoding="ascii").split()) / 1024
        return Run(json.loads(_read(file)), shown, megabytes)

    def module_pid(self):
        """The process of the module, found among the playbook's descendants."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            for pid in descendants(self._process.pid):
                arguments = _read(f"/proc/{pid}/cmdline").split("\0")
                if "python" in arguments[0] and any(one.endswith("AnsiballZ_bookie_bot.py") for one in arguments):
                    return pid
            time.sleep(0.02)
        raise AssertionError("the module does not run")


def killed_once(reached, arguments, folder, environment):
    """Start a process, and kill it with all its descendants once `reached()` is true."""
    process = subprocess.Popen(
        arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    limit = time.monotonic() + PATIENCE
    while not reached():
        assert process.poll() is None and time.monotonic() < limit, "the process ended before it could be killed"
        time.sleep(0.02)
    # Not by their group: each worker has a session of its own, and a module that lives on would send to the next test's service.
    for pid in [process.pid, *descendants(process.pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def end_what_works_in(folder):
    """Kill each process that works in the folder: OFFs go on after a kill, and would reach the next test's service."""
    left = [process for process in pathlib.Path("/proc").glob("[0-9]*") if _folder_of(process).startswith(str(folder))]
    for process in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(process.name), signal.SIGKILL)
    limit = time.monotonic() + PATIENCE
    while any(_folder_of(process).startswith(str(folder)) for process in left) and time.monotonic() < limit:
        time.sleep(0.01)


def _folder_of(process):
    try:
        return os.readlink(process / "cwd")
    except OSError:
        return ""


def descendants(pid):
    """The processes below one, at this moment."""
    children = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        fields = _read(f"{folder}/stat").rpartition(")")[2].split()
        if fields:
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _read(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
