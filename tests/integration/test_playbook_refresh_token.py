# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook that keeps the token of a file alive, and loses none on the way."""

from __future__ import annotations

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import threading
import time

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils._api.token import expires
from ansible_collections.bookieops.betmatic.tests.integration.support import rules
from ansible_collections.bookieops.betmatic.tests.integration.support.aging import WORDS, sent, token_for
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, command, descendants
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, delay


@pytest.fixture(name="kept")
def _kept(tmp_path):
    """A token's file as it should not be: readable for all."""
    file = tmp_path / "token"
    file.write_text(token_for(3) + "\n", encoding="utf-8")
    file.chmod(0o644)
    return file


def refresh_token(simulator, folder, *arguments, code=0, more=(), prefix=()):
    """Run the playbook without a token in the environment; returns what is shown, blanks made equal."""
    arguments = ("bookieops.betmatic.refresh_token", "-vvvvv", "--diff", "-e", f"bookie_token_file={folder / 'token'}", *arguments)
    shown = command(folder, simulator, "playbook", *arguments, code=code, more={"BETMATIC_API_TOKEN": "", **dict(more)}, prefix=prefix)
    rules.assert_no_leak(shown, token_for(3))
    return " ".join(shown.split())


@pytest.mark.core
def test_the_playbook_refreshes_a_token_once(aging, kept, tmp_path):
    refresh_token(aging, tmp_path, "--check")
    assert (kept.read_text(encoding="utf-8"), aging.log()) == (token_for(3) + "\n", [])
    first = refresh_token(aging, tmp_path, "-e", f"bookie_api_url={aging.url}", more={"BETMATIC_API_URL": "http://127.0.0.1:9/api"})
    new = kept.read_text(encoding="utf-8").rstrip("\n")
    assert expires(new) > expires(token_for(3)) and kept.stat().st_mode & 0o777 == 0o600
    assert "The new token expires on " + expires(new) in first
    second = refresh_token(aging, tmp_path)
    assert kept.read_text(encoding="utf-8") == new + "\n" and "changed=0" in second and "Nothing was sent" in second
    assert sent(aging) == ["refresh"]
    rules.assert_no_leak(first + second, new)
    third = refresh_token(aging, tmp_path, "-e", "bookie_token_min_days=60")
    assert sent(aging) == ["refresh"] * 2 and "changed=2" in third
    # What is kept is a token that the service takes.
    command(tmp_path, aging, "inventory", "-i", str(tmp_path / "bookie_accounts.yml"), "--list", more={"BETMATIC_API_TOKEN": kept.read_text(encoding="utf-8")})


# `OLD` is the same token in a line that is not the setting's.
@pytest.mark.parametrize(
    "setting",
    ["BETMATIC_API_TOKEN={}", "export BETMATIC_API_TOKEN='{}'\nKEPT=OLD # OLD", 'BETMATIC_API_TOKEN=OLD\nBETMATIC_API_TOKEN="{}" # mine'],
)
def test_the_playbook_refreshes_the_token_of_a_file_of_settings_and_leaves_the_rest(setting, aging, tmp_path):
    text = "# for the schedule\n" + setting.replace("OLD", token_for(3)) + "\nBETMATIC_TIMEOUT=5\n"
    file = tmp_path / "token"
    file.write_text(text.format(token_for(3)), encoding="utf-8")
    shown = refresh_token(aging, tmp_path)
    [entry] = aging.requests("POST")
    assert (entry["endpoint"], entry["status"]) == ("refresh", 200)
    kept = file.read_text(encoding="utf-8")
    read = subprocess.run(["sh", "-c", f". {file}; echo $BETMATIC_API_TOKEN"], stdout=subprocess.PIPE, text=True, check=True)
    new = read.stdout.strip()
    assert expires(new) > expires(token_for(3)) and kept == text.format(new) and file.stat().st_mode & 0o777 == 0o600
    rules.assert_no_leak(shown, new)
    assert "Nothing was sent" in refresh_token(aging, tmp_path) and file.read_text(encoding="utf-8") == kept


def test_the_line_ends_of_windows_stay(aging, tmp_path):
    file, text = tmp_path / "token", "# mine\r\nBETMATIC_API_TOKEN={}\r\nBETMATIC_TIMEOUT=5\r\n"
    file.write_bytes(text.format(token_for(3)).encode())
    refresh_token(aging, tmp_path)
    new = file.read_bytes().decode().split("=")[1].split("\r")[0]
    assert expires(new) > expires(token_for(3)) and file.read_bytes() == text.format(new).encode() and sent(aging) == ["refresh"]


@pytest.mark.parametrize(
    "content,words",
    [
        ("BETMATIC_TIMEOUT=5\nBETMATIC_API_TOKEN=\n", "holds neither a token alone"),
        ("BETMATIC_API_TOKEN=a.long.token\nBETMATIC_API_TOKEN=''\n", "holds neither a token alone"),
        ("BETMATIC_API_TOKEN='a.long.token\n", "holds neither a token alone"),
        ("BETMATIC_TOKEN=a.long.token\n", "holds neither a token alone"),
        ("$ANSIBLE_VAULT;1.1;AES256\n3031\n", "is encrypted with Ansible Vault"),
        ("", "holds neither a token alone"),
        ("two words\n", "holds neither a token alone"),
        (None, "is absent"),
    ],
)
def test_the_playbook_refuses_what_is_not_a_token(content, words, aging, tmp_path):
    if content is not None:
        tmp_path.joinpath("token").write_text(content, encoding="utf-8")
    # The token of the environment must not get into the file.
    shown = refresh_token(aging, tmp_path, code=2, more={"BETMATIC_API_TOKEN": aging.token})
    assert words in shown and aging.log() == []
    assert content is None or tmp_path.joinpath("token").read_text(encoding="utf-8") == content


@pytest.mark.parametrize("arguments", [("-e", "bookie_token_file=token"), ("-e", "{bookie_token_file: null}")])
def test_the_playbook_wants_an_absolute_path(arguments, aging, tmp_path):
    assert "with its absolute path" in refresh_token(aging, tmp_path, *arguments, code=2) and aging.log() == []


@pytest.mark.parametrize(("days", "words"), [
    ("soon", 'is \\"soon\\", which is not a number'), (None, "is null, which is not a number"),
    (300000, "is 300000.0: give days, more than 0 and at most 3650"),
])
def test_days_that_cannot_be_used_are_refused_by_name(days, words, aging, kept, tmp_path):
    shown = refresh_token(aging, tmp_path, "-e", json.dumps({"bookie_token_min_days": days}), code=2)
    assert f"bookie_token_min_days {words}" in shown and "Nothing was sent." in shown
    assert aging.log() == [] and kept.stat().st_mode & 0o777 == 0o644


def test_the_playbook_says_why_it_did_not_refresh(aging, kept, tmp_path):
    aging.plan(answer(401, {"detail": WORDS}))
    shown = refresh_token(aging, tmp_path, code=2)
    assert "401 token invalid or expired. Log in again" in shown and WORDS not in shown
    assert kept.read_text(encoding="utf-8") == token_for(3) + "\n"


def while_it_is_refreshed(simulator, change, *arguments, **keywords):
    """Run the playbook, and `change` something once the refresh is under way; returns what is shown."""
    simulator.plan(delay(3, on="refresh"))

    def wait_and_change():
        limit = time.monotonic() + PATIENCE
        while not simulator.log() and time.monotonic() < limit:
            time.sleep(0.02)
        change()

    thief = threading.Thread(target=wait_and_change)
    thief.start()
    shown = refresh_token(simulator, *arguments, code=2, **keywords)
    thief.join()
    assert sent(simulator) == ["refresh"] and "could not be written" in shown
    return shown


# Root may write everywhere, unless it gives that up.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()


def test_a_new_token_that_cannot_be_written_is_kept_beside_the_file(aging, kept, tmp_path):
    def take_the_file_away():
        kept.unlink()
        kept.mkdir()

    shown = while_it_is_refreshed(aging, take_the_file_away, tmp_path)
    spare = tmp_path / "token.new"
    assert f"is in {spare}, readable only by its owner" in shown and spare.stat().st_mode & 0o777 == 0o600
    new = spare.read_text(encoding="utf-8")
    assert new.endswith("\n") and expires(new.strip()) > expires(token_for(3))
    rules.assert_no_leak(shown, new.strip())


@pytest.fixture(name="temporary")
def _temporary():
    """A folder for temporary files. Its path is short, as ansible-core 2.21 makes a socket there."""
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)


def test_a_new_token_whose_folder_is_closed_is_kept_with_temporary_files(aging, kept, temporary, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = kept.rename(folder / "token")
    arguments, more = ("-e", f"bookie_token_file={file}"), {"TMPDIR": str(temporary)}
    shown = while_it_is_refreshed(aging, lambda: folder.chmod(0o500), tmp_path, *arguments, more=more, prefix=AS_ANYBODY)
    folder.chmod(0o700)
    (spare,) = temporary.glob("betmatic_token.*")
    assert f"is in {spare}, readable only by its owner" in shown and spare.stat().st_mode & 0o777 == 0o600
    assert expires(spare.read_text(encoding="utf-8").strip()) > expires(token_for(3))
    assert file.read_text(encoding="utf-8") == token_for(3) + "\n" and list(folder.iterdir()) == [file]


def test_the_playbook_says_that_a_new_token_is_lost(aging, kept, tmp_path):
    def let_no_module_be_written():
        for pid in descendants(os.getpid()):
            if "refresh_token" in pathlib.Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                # Enough for the small files that Ansible itself makes.
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, 1000))

    shown = while_it_is_refreshed(aging, let_no_module_be_written, tmp_path, prefix=("env", "ANSIBLE_PIPELINING=false"))
    assert "or anywhere else" in shown and "log in again" in shown and kept.read_text(encoding="utf-8") == token_for(3) + "\n"


@pytest.mark.parametrize("why", ["closed folder", "full disk"])
def test_the_playbook_refreshes_no_token_that_it_could_not_keep(why, aging, kept, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    file = kept.rename(folder / "token")
    if why == "closed folder":
        folder.chmod(0o500)
        prefix = AS_ANYBODY
    else:
        # Files that are written are cut at one megabyte, which is as good as a full disk.
        file.write_text("# " + "x" * 2000000 + "\nBETMATIC_API_TOKEN=" + token_for(3) + "\n", encoding="utf-8")
        prefix = ("bash", "-c", 'ulimit -f 1024; exec "$@"', "bash")
    text = file.read_text(encoding="utf-8")
    shown = refresh_token(aging, tmp_path, "-e", f"bookie_token_file={file}", code=2, prefix=prefix)
    folder.chmod(0o700)
    assert "cannot be rewritten, so a new token would be lost: " in shown and aging.log() == [] and "Traceback" not in shown
    assert list(folder.iterdir()) == [file] and file.read_text(encoding="utf-8") == text
