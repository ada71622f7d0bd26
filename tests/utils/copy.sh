#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Copies what git knows of the collection to FOLDER/ansible_collections/bookieops/betmatic (FOLDER: build, unless given).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

target="${1:-$build}/ansible_collections/bookieops/betmatic"
git -C "$root" rev-parse --git-dir >/dev/null || die "the checkout must be a git repository: the copy is made of the files that git knows"

rm -rf "$target"
mkdir -p "$target"
cd "$root"
git ls-files -coz --exclude-standard |
  while IFS= read -r -d '' file; do
    # A deleted file stays in git's list until the deletion is added.
    if [ -f "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
  done |
  tar -cf - --null -T - | tar -xf - -C "$target"

# Without a repository of its own, ansible-test takes the ignored build folder for an empty one and tests nothing.
git -C "$target" init -q
git -C "$target" add --all
