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
scenarios=$(find extensions/molecule -mindepth 2 -name molecule.yml -printf '%h\n' | xargs -n 1 basename | sort)
# A scenario mostly waits for one process after the other: two of them keep two cores busy.
# shellcheck disable=SC2016 # the inner shell has the folder as its $0
if ! xargs -P 2 -I '{}' sh -c 'molecule test --scenario-name {} >"$0/molecule-{}.log" 2>&1' "$build/logs" <<<"$scenarios"; then
  tail -n 60 "$build"/logs/molecule-*.log
  die "a scenario of molecule failed: see its log in $build/logs"
fi
for name in $scenarios; do
  proven "molecule-$name" "^$name > verify: Executed: Successful"
done
