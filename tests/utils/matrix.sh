#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Units and integration on several versions of ansible-core, each with the Pythons of this machine that it supports: matrix.sh [CORE...]
# What needs programs beside Ansible, in tests/integration/tools, is left to `make integration`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
PATH=$(without_shims)

# Lines of CORE PYTHON..., the Pythons that this core supports on the control node and the tests support at all.
supported='2.16 3.11 3.12
2.19 3.11 3.12 3.13
2.21 3.12 3.13 3.14
2.22 3.13 3.14'

wanted=${*:-2.16 2.19 2.21 2.22}
tried=()
while read -r core pythons; do
  [[ " $wanted " == *" $core "* ]] || continue
  before=${#tried[@]}
  # Of the newest there is a release candidate only: ~= takes one with .0rc1.
  wanted_core="ansible-core~=$core.0"
  if [ "$core" = 2.22 ]; then wanted_core="ansible-core~=$core.0rc1"; fi
  for version in $pythons; do
    command -v "python$version" >/dev/null || continue
    name="core-$core-python-$version"
    export VENV="$build/matrix/$name"
    "python$version" -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted_core" \
      -r "$root/requirements.txt" -r "$root/tests/simulator/requirements.txt" -r "$root/tests/requirements/pytest.txt"
    "$root/tests/utils/pytest.sh" "units-$name" unit </dev/null
    "$root/tests/utils/pytest.sh" "integration-$name" integration -m 'not long' --ignore tests/integration/tools </dev/null
    tried+=("$name")
  done
  [ "${#tried[@]}" -gt "$before" ] || die "no Python for ansible-core $core: it supports $pythons"
done <<<"$supported"

[ "${#tried[@]}" -gt 0 ] || die "no version of ansible-core is tried: choose of 2.16, 2.19, 2.21 and 2.22"
headline "matrix"
for name in "${tried[@]}"; do
  for suite in units integration; do
    printf '%-12s %-28s %s\n' "$suite" "$name" "$(grep -E '^=+ .*passed' "$build/logs/$suite-$name.log" | tail -n 1 | tr -d '=')"
  done
done
