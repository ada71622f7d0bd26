# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is around a task on the control node -> the findings. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ...module_utils._preflight.findings import OK, STOP, WARNING, Finding
from ...module_utils._token_source import TOKEN_VARIABLE
from .._in_process import LOCAL

# How the name of an inventory that is read from the list of accounts ends.
SERVICE_FILES = ("bookie_accounts.yml", "bookie_accounts.yaml")
CALLBACK = "bookieops.betmatic.bookie_audit"
_VARIABLES = frozenset(("API_TOKEN", "API_TOKEN_FILE", "API_URL", "TIMEOUT", "HOLDS", "IN_PROCESS", "EMAIL", "PASSWORD", "FLEET_FILE"))
_OF_EVENTS = "EVENT_"
_PREFIX = "BETMATIC_"


@dataclass(frozen=True)
class Inventory:
    """Which files the inventory is made of, and which of them could not be read; None where nobody can tell.

    `has_accounts`: whether its hosts are accounts. `asks_service`: whether it is read from the list of accounts, before any playbook begins.
    """

    sources: tuple[str, ...] = ()
    unread: tuple[str, ...] | None = ()
    has_accounts: bool = False
    asks_service: bool = False
    unread_fails: bool = False
    mismatch_fails: bool = False


@dataclass(frozen=True)
class Trail:
    """Whether the callback is enabled, its file, and why that cannot be written; None where it can."""

    enabled: bool = True
    path: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Controller:
    """What is around the task.

    `connection`: the module of the connection's class. `shipped`: why the module is a process of its own, None where it is not.
    `narrowed`: whether bookie_bookmakers is set for the host.
    """

    become: bool = False
    become_by_default: bool = False
    connection: str = LOCAL
    environment: tuple[str, ...] = ()
    shipped: str | None = None
    tags: tuple[str, ...] = ()
    skipped_tags: tuple[str, ...] = ()
    keeps_files: bool = False
    variables: tuple[str, ...] = ()
    narrowed: bool = False


def of_nothing(why: str, timeout: str | None) -> Finding:
    """Say why the module gave no findings, in core's words; `timeout`: BETMATIC_TIMEOUT in the environment."""
    if timeout is not None and not _is_number(timeout):
        return Finding(STOP, "options", f"BETMATIC_TIMEOUT is {timeout[:20]!r}, which is not a number: give seconds, such as 10, or unset it.")
    told = " ".join(why.split())
    return Finding(STOP, "module", f"it did not run: {told}. Check the options of the task, and BETMATIC_* in the environment.")


def of_timeout(seconds: int) -> Finding:
    """Say that the task's own `timeout` ended the readings."""
    return Finding(
        STOP, "module", f"the task's timeout of {seconds} s ended it before the service had answered, and would end an emergency stop as well: unset"
        " ANSIBLE_TASK_TIMEOUT, task_timeout in ansible.cfg, and timeout of the task, and run this again.",
    )


def of_limit(seconds: int, needed: float) -> Finding | None:
    """Say that a task's `timeout` is shorter than the seconds that a task of the emergency stop may take; None where it is not, or none is in effect."""
    if not 0 < seconds < needed:
        return None
    return Finding(
        STOP, "task timeout", f"tasks are ended after {seconds} s, and the emergency stop may need {needed:g} s (bookie_deadline) for one, so that it would"
        " be cut short with bots running: unset ANSIBLE_TASK_TIMEOUT, task_timeout in ansible.cfg, and timeout of the task.",
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def of_task(found: Controller) -> list[Finding]:
    """Return a finding for each thing that decides how a task runs."""
    return [of_become(found), of_connection(found), of_environment(found), of_variables(found), of_scope(found), of_tags(found), of_files(found)]


def of_become(found: Controller) -> Finding:
    if found.become:
        return Finding(
            WARNING, "become", "it is in effect, so that environment, token file and holds are another user's: set ansible_become to false for"
            " this host.",
        )
    if found.become_by_default:
        return Finding(
            WARNING, "become", "ansible.cfg or ANSIBLE_BECOME turns it on: playbooks of your own need become: false; those of the collection"
            " have it.",
        )
    return Finding(OK, "become", "not in effect.")


def of_connection(found: Controller) -> Finding:
    if found.connection != LOCAL:
        kind = found.connection.rpartition(".")[2]
        return Finding(
            WARNING, "connection", f"{kind}: the module has the environment and the files of another host. Set ansible_connection to local for this"
            " host.",
        )
    if found.shipped is not None:
        return Finding(OK, "connection", f"local; the module is a process of its own, which takes longer: {found.shipped}.")
    return Finding(OK, "connection", "local, in Ansible's own process.")


def of_environment(found: Controller) -> Finding:
    if TOKEN_VARIABLE in found.environment:
        return Finding(
            WARNING, "environment", f"the `environment` keyword sets {TOKEN_VARIABLE}, and process lists show it: set it where ansible-playbook is"
            " started.",
        )
    told = f"sets {', '.join(found.environment)}" if found.environment else "adds nothing"
    return Finding(OK, "environment", f"the `environment` keyword {told}.")


def of_variables(found: Controller) -> Finding:
    """Name what somebody set in vain: the name of a variable that nothing reads."""
    names = [name for name in found.variables if name.startswith(_PREFIX)]
    unread = [name for name in names if name[len(_PREFIX):] not in _VARIABLES and not name[len(_PREFIX):].startswith(_OF_EVENTS)]
    if unread:
        return Finding(
            WARNING, "variables", f"nothing reads {', '.join(unread)}: correct the name, or unset it. The token is {TOKEN_VARIABLE}, the URL"
            " BETMATIC_API_URL.",
        )
    return Finding(OK, "variables", f"in the environment: {', '.join(names)}." if names else "none of the collection in the environment.")


def of_scope(found: Controller) -> Finding:
    """Tell whether what is set for good, perhaps for another runbook, would make a stop of every bot one of some."""
    if found.narrowed:
        return Finding(
            STOP, "scope", "bookie_bookmakers is set for this host, so that the emergency stop would stop the bots at those bookmakers alone: remove it"
            " from the inventory, and give it with -e to the runs that are meant.",
        )
    return Finding(OK, "scope", "an emergency stop would stop every bot.")


def of_tags(found: Controller) -> Finding:
    set_tags = [f"tags {', '.join(found.tags)}"] if found.tags else []
    set_tags += [f"skipped tags {', '.join(found.skipped_tags)}"] if found.skipped_tags else []
    if set_tags:
        told = " and ".join(set_tags)
        return Finding(
            WARNING, "tags", f"ansible.cfg or the environment sets {told}: playbooks of your own that include a role would be cut, and fail."
            " Remove the setting.",
        )
    return Finding(OK, "tags", "none are set for all runs.")


def of_files(found: Controller) -> Finding:
    if found.keeps_files:
        return Finding(WARNING, "temporary files", "ANSIBLE_KEEP_REMOTE_FILES leaves files with the token behind: unset it, and remove them from remote_tmp.")
    return Finding(OK, "temporary files", "none are kept.")


def of_inventory(found: Inventory) -> Finding:
    if not found.sources:
        return Finding(OK, "inventory", "none, and none is needed by the playbooks of the collection.")
    if found.asks_service:
        return _of_service(found)
    if found.unread is None:
        return Finding(WARNING, "inventory", "it could not be checked with this ansible-core: run ansible-inventory --list.")
    if found.unread:
        return Finding(
            WARNING, "inventory", f"cannot be read: {', '.join(found.unread)}. A play for its hosts would do nothing; ansible-inventory --list"
            " says why.",
        )
    missing = _missing_settings(found)
    if found.has_accounts and missing:
        return Finding(WARNING, "inventory", f"where it cannot be read, an OFF by hosts would end with 0: set {missing} under [inventory] in ansible.cfg.")
    return Finding(OK, "inventory", f"{len(found.sources)} source{'' if len(found.sources) == 1 else 's'}, all read.")


def _missing_settings(found: Inventory) -> str:
    missing = [] if found.unread_fails else ["any_unparsed_is_failed = true"]
    missing += [] if found.mismatch_fails else ["host_pattern_mismatch = error"]
    return " and ".join(missing)


def _of_service(found: Inventory) -> Finding:
    """Say what an inventory that is read from the service does to an emergency stop on the day when the list is down."""
    way_out = "Run the emergency stop, and this, with `-i localhost,` (the comma belongs to it): it reads no inventory and none of its variables."
    unread = [source for source in found.unread or () if not source.endswith(SERVICE_FILES)]
    if unread:
        way_out += f" Besides, these cannot be read: {', '.join(unread)}."
    if found.unread_fails:
        return Finding(
            STOP, "inventory", "it holds an inventory of accounts, and any_unparsed_is_failed is set: without the list an emergency stop would not even"
            f" begin. {way_out}",
        )
    return Finding(
        WARNING, "inventory", f"it holds an inventory of accounts, so that an emergency stop waits for the list before its first OFF. {way_out} Where it"
        f" cannot be read, an OFF by hosts would end with 0: set {_missing_settings(found)} under [inventory] in the ansible.cfg of those playbooks.",
    )


def of_trail(found: Trail) -> Finding:
    if not found.enabled:
        return Finding(WARNING, "audit trail", f"nothing records who switches what: set callbacks_enabled = {CALLBACK} in ansible.cfg.")
    if found.path is None:
        return Finding(WARNING, "audit trail", "its file could not be found out: check [callback_bookie_audit] in ansible.cfg.")
    if found.why is not None:
        return Finding(WARNING, "audit trail", f"{found.path} {found.why}: nothing would be recorded. Fix it, or name another file with BOOKIE_AUDIT_PATH.")
    return Finding(OK, "audit trail", f"{found.path} can be written.")
