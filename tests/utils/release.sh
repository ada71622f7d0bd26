#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The tarball of a release and its checksum, in build/release. Refuses what is not committed, and fragments that are not used up.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

changed=$(git -C "$root" status --porcelain)
[ -z "$changed" ] || die "a release is made of what is committed: commit, stash or move away
$changed"
version=$(sed -n 's/^version: //p' "$root/galaxy.yml")
grep -qF "<a id=\"v${version//./-}\"></a>" "$root/CHANGELOG.md" || die "CHANGELOG.md has no entry for $version: run antsibull-changelog release"
"$root/tests/utils/copy.sh"
rm -rf "$build/release"
"$root/tests/utils/tarball.sh" "$build/release"
cd "$build/release"
sha256sum bookieops-betmatic-*.tar.gz | tee SHA256SUMS
