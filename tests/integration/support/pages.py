# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of the documentation and the blocks in them."""

from __future__ import annotations

import os
import pathlib
import re
import sys

import yaml

COLLECTION = pathlib.Path(__file__).resolve().parents[3]
PAGES = {str(path.relative_to(COLLECTION)): path for pattern in ("README.md", "docs/*.md", "roles/*/README.md") for path in sorted(COLLECTION.glob(pattern))}


def blocks(page, language):
    """The fenced blocks of a page in one language, without their indentation."""
    found = re.findall(r"^( *)```{0}\n(.*?)^ *```$".format(language), PAGES[page].read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub("^" + indentation, "", block, flags=re.MULTILINE) for indentation, block in found]


def block_with(page, key):
    """The text of the page's YAML block that has the key; of a list, its first entry."""
    documents = [(block, yaml.safe_load(block)) for block in blocks(page, "yaml")]
    (found,) = [block for block, document in documents if key in (document[0] if isinstance(document, list) else document)]
    return found


def path_of(crontab):
    """The PATH that a crontab sets, with the folder of this Python in place of the venv's, which is not on this machine."""
    (path,) = re.findall(r"^PATH=(.*)$", crontab, re.MULTILINE)
    venv, *others = path.split(os.pathsep)
    assert venv == "/home/ops/betmatic-venv/bin"
    return os.pathsep.join([os.path.dirname(sys.executable), *others])
