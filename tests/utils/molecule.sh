#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Every molecule scenario, each against a simulator of its own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "molecule"

export NO_COLOR=1
cd "$copy"
logged molecule molecule test --all
for scenario in extensions/molecule/*/molecule.yml; do
  name=$(basename "$(dirname "$scenario")")
  proven molecule "^$name > verify: Executed: Successful"
done
