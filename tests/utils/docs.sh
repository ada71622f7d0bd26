#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The documentation site, in build/docs/html: the guides of docs/ as they stand, and a page for each plugin and role.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "docs"

source="$build/docs/source"
rm -rf "$build/docs"
mkdir -p "$source/reference"
# antsibull-docs wants the folder to be its owner's alone.
chmod og-w "$source/reference"
cp -R "$copy"/docs/docsite/{conf.py,index.md,static} "$source"
cp -R "$copy"/docs/*.{md,svg,png} "$copy/docs/examples" "$source"
HOME="$build/ansible" antsibull-docs collection --fail-on-error --use-current --squash-hierarchy --dest-dir "$source/reference" bookieops.betmatic
logged docs sphinx-build --no-color -W --keep-going -b html "$source" "$build/docs/html"
proven docs '^build succeeded'
printf 'Open %s\n' "$build/docs/html/index.html"
