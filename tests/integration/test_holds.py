# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Holds under a real ansible-playbook: every kind of broken folder and file, and a stop while many ONs are under way."""

from __future__ import annotations

import json
import os
import pathlib
import random
import subprocess
import sys
import time

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import folder as holds
from ansible_collections.bookieops.betmatic.plugins.module_utils._holds import records
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import BUILD, PATIENCE, Playbook, Task, clean_environment, command
from ansible_collections.bookieops.betmatic.tests.simulator.harness import delay, fault

STOPPING = pathlib.Path(__file__).parent / "support" / "stopping.py"
HOLD_ID = "20261121T080002-kqzt"


# --- every kind of broken folder and file x every way to switch ------------------------------------------------


def _valid(**fields):
    hold = records.Hold(HOLD_ID, "x", "2026-11-21T08:00:02Z", "ops", "host", "https://betmatic.app/api")
    return json.dumps(dict(records.as_dict(hold), **fields))


def _file(path, name, text):
    path.mkdir()
    path.joinpath(name).write_text(text, encoding="utf-8")


def _inside(make):
    def inside(path):
        path.mkdir()
        make(path / "x.json")

    return inside


# Where a hold can still be written, beside what is broken.
FILES = {
    "empty": lambda path: _file(path, "x.json", ""),
    "torn": lambda path: _file(path, HOLD_ID + ".json", _valid()[:100]),
    "unknown-version": lambda path: _file(path, HOLD_ID + ".json", _valid(version=2)),
    "of-another-tool": lambda path: _file(path, "x.json", "{}"),
    "renamed": lambda path: _file(path, "20261121T080002-aaaa.json", _valid()),
    "one-field-more": lambda path: _file(path, HOLD_ID + ".json", _valid(more=1)),
    "no-scope": lambda path: _file(path, HOLD_ID + ".json", _valid(scope=[])),
    "a-folder": _inside(os.mkdir),
    "a-link-that-leads-nowhere": _inside(lambda file: os.symlink("/proc/nowhere/at/all", file)),
    "a-link-to-itself": _inside(lambda file: os.symlink(file, file)),
    "hangs": _inside(os.mkfifo),
}
# Where none can be written either.
FOLDERS = {
    "is-a-file": lambda path: path.write_text("", encoding="ascii"),
    "is-a-link-that-leads-nowhere": lambda path: path.symlink_to("/proc/nowhere/at/all"),
    "is-a-link-to-itself": lambda path: path.symlink_to(path),
    "is-read-only-by-nature": lambda path: path.symlink_to("/proc/self/fdinfo/nowhere"),
}
KINDS = [*FILES, *FOLDERS]
WAYS = {
    "on": "{account_id: '%s', state: 'on', holds_path: '%s'}",
    "all-on": "{all_accounts: true, state: 'on', holds_path: '%s'}",
    "check-on": "{account_id: '%s', state: 'on', holds_path: '%s'}",
    "off": "{account_id: '%s', state: 'off', holds_path: '%s'}",
    "off-and-hold": "{account_id: '%s', state: 'off', hold: emergency_stop, holds_path: '%s'}",
}
TABLE = [(kind, way) for kind in KINDS for way in WAYS]


@pytest.fixture(scope="module", name="table")
def _table(simulator_of, tmp_path_factory):
    """All of them in one playbook: the results, what the server saw, and the folders."""
    simulator, folder = simulator_of(number=7), tmp_path_factory.mktemp("holds")
    bots = ["RUNNING" if "off" in way else "STOPPED" for _kind, way in TABLE]
    simulator.put_accounts({"id": 1000 + number, "display_name": "x", "bot": bot} for number, bot in enumerate(bots))
    tasks = []
    for number, (kind, way) in enumerate(TABLE):
        path = folder / f"{kind}.{way}"
        {**FILES, **FOLDERS}[kind](path)
        values = (str(path),) if way == "all-on" else (str(1000 + number), str(path))
        tasks.append(Task(f"{kind} {way}", WAYS[way] % values, {}, {"check_mode": True} if way == "check-on" else {}))
    environment = {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token}
    run = Playbook(folder / "play", tasks, environment=environment, defaults=None).start().end()
    return run.results, simulator.log(), folder


@pytest.mark.parametrize(("kind", "way"), TABLE, ids=[f"{kind}-{way}" for kind, way in TABLE])
def test_what_cannot_be_read_keeps_every_on_back_and_no_off(kind, way, table):
    results, log, folder = table
    result, account = results[f"{kind} {way}"], str(1000 + TABLE.index((kind, way)))
    sent = [entry["command"] for entry in log if entry["account_id"] == account]
    if "off" in way:
        [verdict] = result["accounts"]
        assert (verdict["outcome"], verdict["changed"], verdict["held"]) == ("ok", True, False) and set(sent) == {"OFF"}
        assert bool(result["hold_id"]) is (way == "off-and-hold" and kind in FILES)
        assert result["msg"].startswith("NO HOLD stands: ") is bool(result["failed"]) is (way == "off-and-hold" and kind in FOLDERS)
        return
    assert result["failed"] and not result["changed"] and sent == [] and "all_on" not in {entry["command"] for entry in log}
    assert str(folder / f"{kind}.{way}") in result["msg"] and "held for all accounts, because" in result["msg"]
    assert [one["outcome"] for one in result["accounts"]] == ([] if way == "all-on" else ["held"]) and result["holds"]


# --- holds that stand ------------------------------------------------------------------------------------------


def placed(path, simulator, scope=None, **fields):
    hold = holds.new_hold("emergency_stop", simulator.url, scope, holds.now(), reason="two bots at once", **fields)
    holds.place(str(path), hold)
    return hold


@pytest.mark.core
def test_holds_that_stand(simulator, tmp_path):
    path = tmp_path / "holds"
    everybody = placed(path, simulator)
    one = placed(tmp_path / "one", simulator, ("124",))
    ended = placed(tmp_path / "ended", simulator, until="2026-11-21T00:00:00Z")
    file = tmp_path / "ended" / f"{ended.id}.json"
    file.write_text(file.read_text(encoding="utf-8").replace(ended.placed_at, "2026-11-20T00:00:00Z"), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    holds.place(str(elsewhere), holds.new_hold("x", "https://betmatic.app/api", None, holds.now()))
    texts = {
        "held": f"{{account_id: ['123', '124'], state: 'on', wait: true, holds_path: '{path}'}}",
        "passed": f"{{account_id: '123', state: 'on', override_hold: '{everybody.id}', holds_path: '{path}'}}",
        "mixed": f"{{accounts: [{{account_id: '123', state: 'off'}}, {{account_id: '125', state: 'on'}}], holds_path: '{path}'}}",
        "partly": f"{{account_id: ['123', '124'], state: 'on', holds_path: '{tmp_path / 'one'}'}}",
        "all": f"{{all_accounts: true, state: 'on', holds_path: '{tmp_path / 'one'}'}}",
        "ended": f"{{account_id: '124', state: 'on', holds_path: '{tmp_path / 'ended'}'}}",
        "elsewhere": f"{{account_id: '125', state: 'on', holds_path: '{elsewhere}'}}",
        "missing": f"{{account_id: '125', state: 'on', holds_path: '{tmp_path / 'missing'}'}}",
        "stop": f"{{all_accounts: true, state: 'off', hold: emergency_stop, reason: CHG-7, holds_path: '{path}'}}",
        "both": f"{{account_id: '123', state: 'on', hold: emergency_stop, holds_path: '{path}'}}",
    }
    environment = {"BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token}
    tasks = [Task(name, text, {}) for name, text in texts.items()]
    loop = {"loop": ["124", "125"], "vars": {}}
    tasks.append(Task("loop", f"{{account_id: '{{{{ item }}}}', state: 'off', hold: by_loop, holds_path: '{tmp_path / 'loop'}'}}", {}, loop))
    results = Playbook(tmp_path / "play", tasks, environment=environment, defaults=None).start().end().results
    for words in ("two bots at once", everybody.placed_by, everybody.placed_at, everybody.id, "bookieops.betmatic.lift -e bookie_hold_id=" + everybody.id):
        assert words in results["held"]["msg"]
    assert results["held"]["summary"]["held"] == 2 and [hold["id"] for hold in results["held"]["holds"]] == [everybody.id]
    outcomes = {name: {one["account_id"]: one["outcome"] for one in result.get("accounts", [])} for name, result in results.items()}
    assert outcomes["passed"] == {"123": "ok"} and outcomes["mixed"] == {"123": "ok", "125": "held"}
    assert outcomes["partly"] == {"123": "ok", "124": "held"} and outcomes["all"] == {} and one.id in results["all"]["msg"]
    assert outcomes["ended"] == {"124": "ok"} and outcomes["elsewhere"] == {"125": "ok"} and outcomes["missing"] == {"125": "ok"}
    # The stop finds the hold that stands, and says which.
    assert results["stop"]["hold_id"] == everybody.id and not results["stop"]["failed"] and len(holds.read(str(path)).holds) == 1
    assert results["both"]["failed"] and "hold is for state=off" in results["both"]["msg"]
    assert [item["hold_id"] is not None for item in results["loop"]["results"]] == [True, True] and len(holds.read(str(tmp_path / "loop")).holds) == 2


def test_another_home_has_the_same_holds(simulator, tmp_path):
    """As with become: the module is shipped, and its own default folder is another one."""
    path = tmp_path / "home" / ".local" / "state" / "bookieops" / "holds"
    path.parent.mkdir(parents=True)
    hold = placed(path, simulator, ("124",))
    elsewhere = {"HOME": str(tmp_path / "another"), "BETMATIC_API_URL": simulator.url, "BETMATIC_API_TOKEN": simulator.token}
    bot, on = "bookieops.betmatic.bookie_bot", {"account_id": "124", "state": "on"}
    tasks = {
        "held": {bot: on},
        "off": {bot: {"account_id": "124", "state": "off", "hold": "by_another"}},
        "listed": {"bookieops.betmatic.bookie_account_info": {"account_id": "124"}},
        "placed": {"bookieops.betmatic.bookie_hold": {"name": "a_second", "account_id": "123"}},
        "stand": {"bookieops.betmatic.bookie_hold_info": {}},
        "named": {bot: on, "environment": {**elsewhere, "BETMATIC_HOLDS": str(tmp_path / "named")}},
    }
    tasks = [{"name": name, "environment": elsewhere, "ignore_errors": True, "register": name, **task} for name, task in tasks.items()]
    kept = "{{ {%s} | to_json }}" % ", ".join(f"'{task['name']}': {task['name']}" for task in tasks)
    tasks.append({"ansible.builtin.copy": {"content": kept, "dest": str(tmp_path / "results.json"), "mode": "0600"}})
    tmp_path.joinpath("play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    command(tmp_path, simulator, "playbook", "play.yml")
    results = json.loads(tmp_path.joinpath("results.json").read_text(encoding="utf-8"))
    assert [one["outcome"] for one in results["held"]["accounts"]] == ["held"] and [one["id"] for one in results["held"]["holds"]] == [hold.id]
    assert not results["off"]["failed"] and [one["held"] for one in results["listed"]["accounts"]] == [True]
    stand = {one.id for one in holds.read(str(path)).holds}
    assert stand == {hold.id, results["off"]["hold_id"], results["placed"]["hold_id"]} == {one["id"] for one in results["stand"]["holds"]}
    assert [one["outcome"] for one in results["named"]["accounts"]] == ["ok"] and not (tmp_path / "another" / ".local").exists()


def test_several_hosts_of_one_play_meet_the_same_hold(simulator, tmp_path):
    """One host for each account, all at once: the one that is held stays off, and what each of them places is the same hold, once or more often."""
    simulator.put_accounts({"id": number, "display_name": "x", "bot": "STOPPED"} for number in (301, 302, 303))
    path = tmp_path / "holds"
    placed(path, simulator, ("302",))
    own = {"account_id": "{{ inventory_hostname }}", "state": "on"}
    both = {"account_id": ["301", "303"], "state": "off", "hold": "by_all"}
    tasks = [{"bookieops.betmatic.bookie_bot": options, "ignore_errors": True} for options in (own, both, own)]
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": tasks}
    tmp_path.joinpath("play.yml").write_text(json.dumps([play]), encoding="utf-8")
    command(tmp_path, simulator, "playbook", "play.yml", "-i", "301,302,303,", more={"BETMATIC_HOLDS": str(path)})
    ons = [entry["account_id"] for entry in simulator.requests("POST") if entry["command"] == "ON"]
    assert sorted(ons) == ["301", "303"] and set(simulator.bots().values()) == {"STOPPED"}
    assert {(hold.name, hold.scope) for hold in holds.read(str(path)).holds} == {("emergency_stop", ("302",)), ("by_all", ("301", "303"))}


# --- the first byte of a stop, by the order of events ----------------------------------------------------------

# What the threads that send an OFF open, list, make and import, as an audit hook sees it before it is done; the hold is placed in threads of its own.
WATCHED = """
import json, sys, threading
seen = []
def hook(event, arguments):
    sends = event == "http.client.send"
    if sends or event in ("open", "import", "os.listdir", "os.mkdir", "os.rename", "os.scandir"):
        if not threading.current_thread().name.endswith(("(_work)", "(run)")):
            seen.append([event, (bytes(arguments[1][:4]).decode("latin-1") if sends else str(arguments[0]))])
sys.addaudithook(hook)
import ansible_collections.bookieops.betmatic.tests.integration.support.stopping as stopping
for line in sys.stdin:
    seen.clear()
    stopping.main(json.loads(line))
    print(json.dumps(seen[: seen.index(["http.client.send", "POST"])]), flush=True)
"""


def before_the_first_byte(folder, simulator, *runs):
    """What happened before the first POST of each stop, and its verdict."""
    environment = clean_environment(folder, {"PYTHONPATH": str(BUILD), "PYTHONDONTWRITEBYTECODE": "1"})
    common = {"api_url": simulator.url, "api_token": simulator.token, "again": False, "all_accounts": True, "state": "off"}
    told_to = "".join(json.dumps({**common, **one}) + "\n" for one in runs)
    command_line = [sys.executable, "-c", WATCHED]
    done = subprocess.run(command_line, cwd=folder, env=environment, input=told_to, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE)
    lines = done.stdout.splitlines()
    verdicts = [[(one["account_id"], one["outcome"], one["verdict"]) for one in json.loads(line)["accounts"]] for line in lines[::3]]
    # Processes have a number of their own.
    return [[(event, what) for event, what in json.loads(line) if not what.startswith("/proc/")] for line in lines[2::3]], verdicts


def test_nothing_of_a_hold_is_done_before_the_first_byte_of_a_stop_whatever_the_folder_is_like(simulator, tmp_path):
    paths = {kind: tmp_path / f"holds.{kind}" for kind in KINDS}
    for kind, path in paths.items():
        {**FILES, **FOLDERS}[kind](path)
    runs = [{"holds_path": str(path), "hold": "emergency_stop"} for path in paths.values()]
    # Alone, in a process that has loaded nothing: with a hold as without.
    [[without], [verdicts]] = before_the_first_byte(tmp_path, simulator, {"holds_path": str(paths["torn"])})
    [[fresh], _verdicts] = before_the_first_byte(tmp_path, simulator, runs[0])
    assert set(fresh) == set(without) and not any("_holds" in what for _event, what in fresh)
    events, each = before_the_first_byte(tmp_path, simulator, *runs)
    for kind, happened, verdict in zip(KINDS, events, each):
        assert not any(str(tmp_path / "holds") in what for _event, what in happened), kind
        assert verdict == verdicts, kind


# --- a stop while many ONs are under way -----------------------------------------------------------------------

IDS = [str(2000 + number) for number in range(32)]


def started(folder):
    """A process that takes options, in which nothing of another one is."""
    environment = clean_environment(folder, {"PYTHONPATH": str(BUILD), "PYTHONDONTWRITEBYTECODE": "1"})
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, str(STOPPING)], cwd=folder, env=environment, text=True, bufsize=1, **pipes)


def told(process, **options):
    process.stdin.write(json.dumps(options) + "\n")


def results_of(process):
    """All results of what it was told, once it has ended."""
    return [json.loads(line) for line in iter(process.stdout.readline, "\n")]


@pytest.fixture(name="two")
def _two(tmp_path):
    """One process that switches on, and one that stops."""
    with started(tmp_path) as ons, started(tmp_path) as stop:
        yield ons, stop
        assert [process.communicate()[1] for process in (ons, stop)] == ["", ""]


def stop_under_fire(simulator, folder, ons, stop):
    """One try: ONs to 32 accounts again and again, and a stop that comes among them."""
    simulator.reset()
    simulator.put_accounts({"id": int(one), "display_name": "x", "bot": "STOPPED"} for one in IDS)
    simulator.plan(delay(random.choice((0.05, 0.3, 1.0)), command="ON", times=None))
    options = {"api_url": simulator.url, "api_token": simulator.token, "holds_path": str(folder / "holds")}
    told(ons, again=True, account_id=IDS, state="on", **options)
    limit, first = time.monotonic() + PATIENCE, random.randrange(1, 40)
    while len(simulator.requests("POST")) < first:
        assert time.monotonic() < limit and ons.poll() is None
        time.sleep(0.02)
    selection = random.choice(({"all_accounts": True}, {"account_id": IDS}))
    told(stop, again=False, state="off", hold="emergency_stop", wait=True, retries=2, **selection, **options)
    [stopped] = results_of(stop)
    log, bots = simulator.log(), simulator.bots()
    return stopped, results_of(ons), log, bots, simulator.log(), simulator.bots()


def check_the_stop(simulator, folder, two):
    folder.mkdir()
    result, tried, log, bots, log_later, bots_later = stop_under_fire(simulator, folder, *two)
    assert result["hold_id"] and not result["failed"], result["msg"]
    commands = [entry["command"] for entry in log if entry["method"] == "POST"]
    last_off = max(number for number, command in enumerate(commands) if command in ("OFF", "all_off"))
    assert "ON" in commands[:last_off] and "ON" not in commands[last_off:]
    assert set(bots.values()) == set(bots_later.values()) == {"STOPPED"}
    assert [entry["command"] for entry in log_later].count("ON") == commands.count("ON")
    assert tried[-1]["holds"] and tried[-1]["summary"]["held"] > 0


@pytest.mark.parametrize("number", range(2))
def test_no_on_is_applied_after_the_last_off_of_a_stop_and_every_bot_is_off(number, simulator_of, tmp_path, two):
    check_the_stop(simulator_of(number=8), tmp_path / str(number), two)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_hundred_stops_under_fire(simulator_of, tmp_path, two):
    for number in range(100):
        check_the_stop(simulator_of(number=8), tmp_path / str(number), two)


def test_a_stop_that_is_killed_between_its_off_and_its_file_leaves_no_half_hold(simulator, tmp_path):
    simulator.patch_accounts({"id": 123, "bot": "RUNNING"})
    simulator.plan(fault({"hang": None}, command="OFF", times=None))
    options = {"api_url": simulator.url, "api_token": simulator.token, "holds_path": str(tmp_path / "holds"), "again": False}
    process = started(tmp_path)
    told(process, **options, account_id=["123"], state="off", hold="emergency_stop")
    limit = time.monotonic() + PATIENCE
    while not simulator.requests("POST"):
        assert time.monotonic() < limit
        time.sleep(0.001)
    process.kill()
    process.communicate()
    standing = holds.read(str(tmp_path / "holds"))
    assert standing.broken == () and len(standing.holds) <= 1
