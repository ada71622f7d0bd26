#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# pytest in the copy: pytest.sh unit|integration
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "$1 tests"

export PYTHONPATH="$build"
cd "$copy"
logged "$1" python -m pytest --rootdir "$copy" --color no -n 2 --timeout 120 -ra "tests/$1"
proven "$1" '^=+ .*[0-9]+ passed'
if grep -nE '^=+ .*(skipped|xfailed|xpassed)' "$build/logs/$1.log"; then
  die "a test that is left out proves nothing"
fi
