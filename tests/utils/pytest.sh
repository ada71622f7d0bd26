#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# pytest in the copy: pytest.sh NAME unit|integration [options of pytest]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
without_betmatic
name=$1
suite=$2
shift 2
headline "$name"

# Integration tests wait for services and pauses: three of them keep two cores busy.
workers=2
if [ "$suite" = integration ]; then workers=3; fi
if [ "$name" = integration ]; then needs_tools; fi
export PYTHONPATH="$build"
cd "$copy"
logged "$name" python -m pytest --rootdir "$copy" --color no -n "$workers" --timeout 300 --durations 25 --durations-min 5 -ra "$@" "tests/$suite"
proven "$name" '^=+ .*[0-9]+ passed'
if grep -nE '^=+ .*(skipped|xfailed|xpassed)' "$build/logs/$name.log"; then
  die "a test that is left out proves nothing"
fi
# What a test leaves here, a user gets into the installed collection, and the next suite into its copy.
left=$(git -C "$copy" ls-files --others --exclude-standard)
[ -z "$left" ] || die "tests left files in the collection: $left"
