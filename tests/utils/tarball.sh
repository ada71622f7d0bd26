#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the collection into FOLDER (build, unless given), from a fresh copy: the tests leave files behind in theirs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

target="${1:-$build}"
mkdir -p "$target"
rm -f "$target"/bookieops-betmatic-*.tar.gz
cd "$copy"
ansible-galaxy collection build --force --output-path "$target"
python "$root/tests/utils/reproducible.py" "$target"/bookieops-betmatic-*.tar.gz
