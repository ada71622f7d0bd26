# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tarball: the same content gives the same bytes, and users get what they need and no more."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import pytest
import yaml

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import clean_environment

COLLECTION = pathlib.Path(__file__).resolve().parents[2]


WORKFLOWS = sorted(COLLECTION.glob(".github/workflows/*.yml")) + [COLLECTION / "docs/examples/github-actions.yml"]
# The commit of each tag, as its repository has it.
PINS = {
    "actions/attest-build-provenance": "a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32  # v4.1.0",
    "actions/checkout": "11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2",
    "actions/setup-python": "a26af69be951a213d495a4c3e4e4022e16d87065  # v5.6.0",
    "actions/upload-artifact": "ea165f8d65b6e75b540449e92b4886f43607fa02  # v4.6.2",
}


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


@pytest.mark.core
def test_every_action_is_pinned_to_the_commit_of_its_tag():
    assert len(WORKFLOWS) >= 3
    for path in WORKFLOWS:
        for action, pin in re.findall(r"uses: (\S+)@(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert pin == PINS[action], (path.name, action)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_release_that_is_on_github_already_goes_on_to_galaxy(is_there, tmp_path):
    document = yaml.safe_load(COLLECTION.joinpath(".github/workflows/release.yml").read_text(encoding="utf-8"))
    steps = document["jobs"]["release"]["steps"]
    names = [step["name"] for step in steps]
    publish = names.index("Publish on GitHub")
    assert names[publish + 1] == "Publish on Galaxy"
    gh = tmp_path / "gh"
    gh.write_text(f"#!/bin/sh\necho \"$2 $3\" >>{tmp_path}/called\ntest \"$2\" != view || exit {0 if is_there else 1}\n", encoding="utf-8")
    gh.chmod(0o700)
    more = {"GITHUB_REF_NAME": "1.0.0", "PATH": f"{tmp_path}:{os.defpath}"}
    subprocess.run(["bash", "-eo", "pipefail", "-c", steps[publish]["run"]], check=True, cwd=tmp_path, env=clean_environment(tmp_path, more))
    assert tmp_path.joinpath("called").read_text(encoding="utf-8").split("\n")[:-1] == ["view 1.0.0"] + ["create 1.0.0"] * (not is_there)
