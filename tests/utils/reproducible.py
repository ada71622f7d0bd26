# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rewrites a collection's tarball so that the same content always gives the same bytes: reproducible.py TARBALL

ansible-galaxy keeps the order and the times of the files that it finds. Here names are sorted and times are zero; the list of files inside is
sorted as well, and its checksum in the manifest is made anew.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile


def main(path):
    files = _read(path)
    listed = json.loads(files["FILES.json"])
    listed["files"].sort(key=lambda entry: entry["name"])
    files["FILES.json"] = _json(listed)
    manifest = json.loads(files["MANIFEST.json"])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(files["FILES.json"]).hexdigest()
    files["MANIFEST.json"] = _json(manifest)
    path.write_bytes(_packed(files, executable={entry["name"] for entry in listed["files"] if _is_script(files.get(entry["name"]))}))


def _read(path):
    """Contents by name; folders are None."""
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() if member.isfile() else None for member in tar}


def _packed(files, executable):
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            if files[name] is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(member)
            else:
                member.size, member.mode = len(files[name]), 0o755 if name in executable else 0o644
                tar.addfile(member, io.BytesIO(files[name]))
    return gzip.compress(plain.getvalue(), mtime=0)


def _is_script(content):
    return content is not None and content.startswith(b"#!/usr/bin/env ")


def _json(document):
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
