# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the token comes from: which option counts, what a file may hold, and that no message shows any of it."""

from __future__ import annotations

import os

import pytest

from ansible_collections.bookieops.betmatic.plugins.module_utils import _token_source
from ansible_collections.bookieops.betmatic.plugins.module_utils._errors import InputError

TOKEN = "head-part-91c4.middle-part-91c4.last-part-91c4"
OF_FILE = "other-head-33.other-middle-33.other-last-33"


def refusal(work, *arguments):
    with pytest.raises(InputError) as caught:
        work(*arguments)
    said = str(caught.value)
    assert not any(secret in said for token in (TOKEN, OF_FILE) for secret in (token, *token.split(".")))
    return said


@pytest.fixture(name="file")
def _file(tmp_path):
    path = tmp_path / "token"
    path.write_text(OF_FILE + "\n", encoding="utf-8")
    return str(path)


BOTH = frozenset(("api_token", "api_token_file"))


@pytest.mark.parametrize(
    "token,has_file,given,expected",
    [
        (TOKEN, False, BOTH, TOKEN),
        (TOKEN, False, (), TOKEN),
        (f" {TOKEN}\n", False, ["api_token"], TOKEN),
        (None, True, ["api_token_file"], OF_FILE),
        (None, True, (), OF_FILE),
        # What the task names beats the environment.
        (TOKEN, True, ["api_token"], TOKEN),
        (TOKEN, True, ["api_token_file"], OF_FILE),
        # An empty variable of the environment is as good as none.
        ("", True, (), OF_FILE),
        ("  ", True, (), OF_FILE),
        # Where nobody knows what was given, each value counts.
        (TOKEN, False, None, TOKEN),
        (None, True, None, OF_FILE),
    ],
)
def test_the_token_that_counts(token, has_file, given, expected, file):
    given = given if given is not BOTH else ["api_token"]
    assert _token_source.choose({"api_token": token, "api_token_file": file if has_file else None}, given).read() == expected


@pytest.mark.parametrize(
    "token,has_file,given,words",
    [
        (None, False, (), "api_token is missing: set it or api_token_file"),
        (None, False, (), "with become, or on another host"),
        ("  ", False, ["api_token"], "api_token is missing"),
        # An empty option is a slip, and does not give way to the environment: that may be the token of other accounts.
        ("", True, ["api_token"], "api_token is missing"),
        (None, True, ["api_token"], "api_token is null"),
        (TOKEN, False, ["api_token_file"], "api_token_file is null"),
        (TOKEN, True, BOTH, "api_token and api_token_file are both given"),
        (TOKEN, True, None, "api_token and api_token_file are both given"),
        (TOKEN, True, (), "BETMATIC_API_TOKEN and BETMATIC_API_TOKEN_FILE are both in the environment"),
        (TOKEN.replace("-", " "), False, (), "api_token holds blanks"),
        ("fir\u00e4st", False, (), "api_token holds blanks"),
    ],
)
def test_no_token_or_two_are_refused(token, has_file, given, words, file):
    options = {"api_token": token, "api_token_file": file if has_file else None}
    assert words in refusal(lambda: _token_source.choose(options, given).read())


@pytest.mark.parametrize(
    "text",
    [
        OF_FILE,
        f"  {OF_FILE}\r\n\r\n",
        f"\ufeff{OF_FILE}\r\n",
        f"BETMATIC_API_TOKEN={OF_FILE}\n",
        f"# kept by us\nexport BETMATIC_API_TOKEN='{OF_FILE}'\r\nBETMATIC_API_URL=https://x\n",
        f'BETMATIC_API_TOKEN = "{OF_FILE}"  \n',
    ],
)
def test_a_file_holds_the_token_alone_or_in_a_line_of_settings(text, file):
    with open(file, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    assert _token_source.TokenSource(path=file).read() == OF_FILE


@pytest.mark.parametrize(
    "text,words",
    [
        ("", "is empty"),
        (" \n\t\n", "is empty"),
        (f"{OF_FILE}\n{TOKEN}\n", "has no line BETMATIC_API_TOKEN="),
        (f"BETMATIC_TOKEN={OF_FILE}", "has no line BETMATIC_API_TOKEN="),
        (f"export TOKEN={OF_FILE}", "has no line BETMATIC_API_TOKEN="),
        (f"BETMATIC_API_TOKEN={OF_FILE}\nBETMATIC_API_TOKEN={TOKEN}", "several lines BETMATIC_API_TOKEN="),
        ("BETMATIC_API_TOKEN=", "an empty BETMATIC_API_TOKEN"),
        ("BETMATIC_API_TOKEN=''", "an empty BETMATIC_API_TOKEN"),
        (f"BETMATIC_API_TOKEN='{OF_FILE}", "an unfinished quote"),
        ("BETMATIC_API_TOKEN='", "an unfinished quote"),
        (f"{OF_FILE} {TOKEN}", "no usable token"),
        (f"BETMATIC_API_TOKEN={OF_FILE} {TOKEN}", "no usable token"),
        ("$ANSIBLE_VAULT;1.1;AES256\n3331", "is encrypted with Ansible Vault"),
        ("x" * 65537, "is too large"),
    ],
)
def test_a_file_that_holds_anything_else_is_named_and_not_shown(text, words, file):
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(text)
    said = refusal(_token_source.TokenSource(path=file).read)
    assert said.startswith(f"api_token_file {file!r} ") and words in said


def test_what_is_no_file_is_named_and_nothing_waits(tmp_path):
    pipe, binary, closed = tmp_path / "pipe", tmp_path / "binary", tmp_path / "closed"
    os.mkfifo(pipe)
    binary.write_bytes(b"\xff\xfe")
    words = {pipe: "is not a regular file", tmp_path: "is a folder", binary: "is not a text file", closed: "cannot be read: No such file or directory"}
    for path, said in words.items():
        assert f"api_token_file {str(path)!r} {said}" in refusal(_token_source.TokenSource(path=str(path)).read)


@pytest.mark.parametrize("path", ["/no\0such", "/no\ud800such"])
def test_what_cannot_be_a_path_is_refused(path):
    assert "is not a valid path" in refusal(_token_source.TokenSource(path=path).read)


def test_a_token_in_the_place_of_the_path_is_not_shown(tmp_path):
    assert "must be a full path" in refusal(_token_source.TokenSource(path=TOKEN).read)
    # As a plugin makes it a full path.
    assert "cannot be read" in refusal(_token_source.TokenSource(path=str(tmp_path / TOKEN)).read)


def test_the_file_is_read_at_each_use(file):
    source = _token_source.TokenSource(path=file)
    assert source.read() == OF_FILE
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(TOKEN)
    assert source.read() == TOKEN


def test_a_source_shows_no_token():
    assert TOKEN not in repr(_token_source.TokenSource(token=TOKEN))
