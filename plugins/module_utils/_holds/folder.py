# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The folder of the holds on the disk: read, place, lift. All that can fail or hang is here and in `locks`."""

from __future__ import annotations

import errno
import json
import os
import pwd
import random
import re
import socket
import string
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone
from queue import Empty, SimpleQueue
from typing import Any, Callable

from . import records
from .records import Broken, Hold, Malformed, Standing

# Seconds after which a folder that does not answer counts as one that cannot be read.
PATIENCE = 2.0
LIFTED = "lifted"
SUFFIX = ".json"
# Bytes: a hold over 20,000 accounts has some 300 kB.
_CAP = 4 * 1024 * 1024
_STEM = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}", re.ASCII)


class Unusable(OSError):
    """The folder cannot be used; the text says why, without the path."""


def read(path: str) -> Standing:
    """Return what stands in the folder. Whatever cannot be read is Broken; only a folder that is missing has none."""
    try:
        names = _names(path)
    except Unusable as error:
        return Standing(broken=(Broken(None, path, str(error)),))
    holds, broken = [], []
    for name in sorted(names):
        file, hold_id = os.path.join(path, name), name[: -len(SUFFIX)]
        try:
            holds.append(records.parse(_content(file), hold_id))
        except Malformed as error:
            broken.append(Broken(hold_id if _STEM.fullmatch(hold_id) else None, file, str(error)))
        except OSError as error:
            # Lifted between the two looks; a link that leads nowhere is still there.
            if error.errno != errno.ENOENT or os.path.lexists(file):
                broken.append(Broken(hold_id if _STEM.fullmatch(hold_id) else None, file, _cannot_be_read(error)))
    return Standing(tuple(sorted(holds, key=lambda hold: (hold.placed_at, hold.id))), tuple(broken))


def check(path: str) -> None:
    """Check that the path can be that of a folder; raises Unusable, whose text says why not."""
    if not os.path.isabs(path):
        raise Unusable("is not a full path" if path else "is empty: it names no folder")
    if "\0" in path:
        raise Unusable("is not a valid path: it holds a NUL")


def _names(path: str) -> list[str]:
    check(path)
    try:
        return [name for name in os.listdir(path) if name.endswith(SUFFIX) and not name.startswith(".")]
    except FileNotFoundError:
        link = _dead_link(path)
        if link is not None:
            raise Unusable("is a link that leads nowhere" if link == path else f"is below {link}, a link that leads nowhere") from None
        return []
    except OSError as error:
        raise Unusable(_cannot_be_read(error)) from None


def _dead_link(path: str) -> str | None:
    """Return the part of a path to nothing that is there all the same: a link to storage that is gone; None where there are only folders above it."""
    while not os.path.lexists(path):
        path = os.path.dirname(path)
    return None if os.path.exists(path) else path


def _content(file: str) -> bytes:
    with open(file, "rb") as stream:
        content = stream.read(_CAP + 1)
    if len(content) > _CAP:
        raise Malformed("is too large for a hold")
    return content


def _cannot_be_read(error: OSError) -> str:
    return f"cannot be read ({error.strerror or type(error).__name__})"


def read_in_time(path: str, seconds: float = PATIENCE) -> Standing:
    """Return what stands in the folder; a folder that does not answer in time is Broken."""
    try:
        return in_time(lambda: read(path), seconds)
    except TimeoutError:
        return Standing(broken=(Broken(None, path, f"did not answer within {seconds:g} s"),))


def in_time(work: Callable[[], Any], seconds: float, late: Callable[[Any], None] = lambda result: None) -> Any:
    """Return what the work returns; raises TimeoutError when that takes longer.

    :param late: gets the result of work that ended when nobody waited for it any more
    """
    return started(work, late)(seconds)


def started(work: Callable[[], Any], late: Callable[[Any], None] = lambda result: None) -> Callable[[float], Any]:
    """Begin the work in the background; returns what waits for its result so many seconds, once, and raises TimeoutError when that takes longer."""
    done: Any = SimpleQueue()
    guard, given_up = threading.Lock(), threading.Event()

    def run() -> None:
        try:
            result, error = work(), None
        except Exception as raised:  # pylint: disable=broad-except
            result, error = None, raised
        with guard:
            if not given_up.is_set():
                done.put((result, error))
                return
        if error is None:
            late(result)

    def wait(seconds: float) -> Any:
        try:
            result, error = done.get(timeout=seconds)
        except Empty:
            with guard:
                given_up.set()
            if done.empty():
                raise TimeoutError(f"no answer within {seconds:g} s") from None
            result, error = done.get()
        if error is not None:
            raise error
        return result

    threading.Thread(target=run, daemon=True).start()
    return wait


def new_hold(name: str, api_url: str, scope: tuple[str, ...] | None, now: datetime, **fields: Any) -> Hold:
    """Return a hold that is placed now, by this user on this machine; raises InputError for a name that a hold cannot have."""
    letters = "".join(random.SystemRandom().choice(string.ascii_lowercase) for _letter in range(4))
    hold = Hold(records.new_id(now, letters), name, records.own_time(now), *here(), api_url, scope, **fields)
    return replace(hold, name=records.read_name(name, "hold"), reason=None if hold.reason is None else records.clean(hold.reason) or None)


def user() -> str:
    """Return who the operating system says runs this."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def here() -> tuple[str, str]:
    """Return this user and this machine, as a hold that is placed now has them."""
    return user(), socket.gethostname()


def make(path: str) -> None:
    """Make the folder where it is missing; raises OSError."""
    check(path)
    os.makedirs(path, mode=0o700, exist_ok=True)


def place(path: str, hold: Hold) -> None:
    """Write the hold's file, so that it is there whole or not at all; raises OSError."""
    make(path)
    file = os.path.join(path, hold.id + SUFFIX)
    if os.path.lexists(file):
        raise FileExistsError(errno.EEXIST, "a hold of the same id is there")
    temporary = written(path, hold.id, records.as_text(hold))
    try:
        os.rename(temporary, file)
    except OSError:
        remove(temporary)
        raise
    sync(path)


def is_there(path: str, hold_id: str, seconds: float = PATIENCE) -> bool | None:
    """Tell whether the file of a hold is in the folder; None where that is not known."""
    try:
        in_time(lambda: os.lstat(os.path.join(path, hold_id + SUFFIX)), seconds)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    return True


def written(folder: str, name: str, text: str) -> str:
    """Write a file under a temporary name and have it on the disk; returns its path, raises OSError."""
    temporary = os.path.join(folder, f".{name}.{os.getpid()}-{threading.get_ident()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            # Whoever shares the folder reads the hold; who may lift it is the folder's business.
            os.fchmod(stream.fileno(), 0o640)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        remove(temporary)
        raise
    return temporary


def remove(file: str) -> None:
    """Remove a file; one that is gone, or may not be removed, is left as it is."""
    with suppress(OSError):
        os.unlink(file)


def sync(folder: str) -> None:
    """Have the folder's names on the disk where the file system can do so; what was renamed is in effect without it, so nothing is raised."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def lift(path: str, hold_id: str, reason: str, now: datetime) -> None:
    """Move the file of one hold to lifted/, beside it who lifted it, when and why; raises OSError, FileNotFoundError where it is gone.

    The file may be one that cannot be read: moving it is the way out.
    """
    lifted = os.path.join(path, LIFTED)
    source = os.path.join(path, hold_id + SUFFIX)
    os.lstat(source)
    if not os.path.isdir(lifted):
        os.mkdir(lifted)
        os.chmod(lifted, os.stat(path).st_mode & 0o7777)
    target = os.path.join(lifted, _free_name(lifted, hold_id))
    note = {"id": hold_id, "lifted_at": records.own_time(now), "lifted_by": user(), "host": socket.gethostname(), "reason": records.clean(reason)}
    # The move decides, also between two who lift at the same time; the note is on the disk by then.
    temporary = written(lifted, hold_id, json.dumps(note, indent=2) + "\n")
    try:
        os.rename(source, target + SUFFIX)
    except OSError:
        remove(temporary)
        raise
    # From here on the hold is lifted, whatever becomes of the note.
    with suppress(OSError):
        os.rename(temporary, target + ".why.json")
    sync(lifted)
    sync(path)


def _free_name(lifted: str, hold_id: str) -> str:
    """Return a name that nothing in lifted/ has: a broken file may come back under the same one."""
    number, name = 1, hold_id
    while os.path.lexists(os.path.join(lifted, name + SUFFIX)):
        number += 1
        name = f"{hold_id}.{number}"
    return name


def is_liftable(hold_id: str) -> bool:
    """Tell whether this can be the name of a file in the folder, and leads nowhere else."""
    return _STEM.fullmatch(hold_id) is not None


def now() -> datetime:
    """Return the time by the machine's clock."""
    return datetime.now(timezone.utc)
