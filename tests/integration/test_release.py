# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tarball: the same content gives the same bytes, and users get what they need and no more."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

from ansible_collections.bookieops.betmatic.tests.integration.playbook import clean_environment

COLLECTION = pathlib.Path(__file__).resolve().parents[2]


def build(folder, time):
    """Copy the collection's files with one modification time, and build them; returns the tarball's path."""
    source = folder / "source"
    shutil.copytree(COLLECTION, source, ignore=shutil.ignore_patterns(".git", "__pycache__", "output"))
    for path in source.rglob("*"):
        os.utime(path, (time, time))
    environment = clean_environment(folder)
    galaxy = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", str(source), "--output-path", str(folder)]
    subprocess.run(galaxy, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    (tarball,) = folder.glob("*.tar.gz")
    subprocess.run([sys.executable, str(COLLECTION / "tests/utils/reproducible.py"), str(tarball)], check=True)
    return tarball


def test_the_same_content_gives_the_same_bytes_and_checksums_that_hold(tmp_path):
    tarballs = []
    for number, time in enumerate((1_000_000_000, 1_500_000_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        tarballs.append(build(folder, time))
    assert len({hashlib.sha256(tarball.read_bytes()).hexdigest() for tarball in tarballs}) == 1
    with tarfile.open(tarballs[0]) as tar:
        content = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
    manifest = json.loads(content["MANIFEST.json"])
    assert manifest["file_manifest_file"]["chksum_sha256"] == hashlib.sha256(content["FILES.json"]).hexdigest()
    listed = {entry["name"]: entry["chksum_sha256"] for entry in json.loads(content["FILES.json"])["files"] if entry["ftype"] == "file"}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in content.items() if name not in ("MANIFEST.json", "FILES.json")}
    tops = {name.split("/")[0] for name in content}
    assert {"README.md", "COPYING", "CHANGELOG.md", "plugins", "roles", "playbooks", "meta", "docs"} <= tops
    for data in content.values():
        data.decode("utf-8")
    assert tops.isdisjoint({"Makefile", "tests", ".github", ".ci", ".ansible-lint"})
    shown = subprocess.run(
        [sys.executable, "-m", "ansible", "galaxy", "collection", "install", "--offline", str(tarballs[0])],
        check=True, cwd=tmp_path, env=clean_environment(tmp_path, {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "installed")}), stdout=subprocess.PIPE, text=True,
    ).stdout
    assert "was installed successfully" in shown
