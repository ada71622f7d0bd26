#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Units and integration on several versions of ansible-core, one after the other: matrix.sh [CORE...]
# SUITES: units, integration, or both, which is the default. ONLY: an expression for pytest's -k, to try a few tests.
# The acceptance table runs both ways there: in Ansible's own process, and as a module that is shipped.
# What needs programs beside Ansible, in tests/integration/tools, is left to `make integration`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
PATH=$(without_shims)

# Lines of CORE PYTHON...: the Pythons that both this core and the tests support; the first one that is there is taken, so that each is somewhere.
supported='2.16 3.11 3.12
2.18 3.12 3.13 3.11
2.19 3.13 3.11 3.12
2.20 3.14 3.13 3.12
2.21 3.12 3.13 3.14
2.22 3.14 3.13'
known=$(cut -d ' ' -f 1 <<<"$supported" | tr '\n' ' ')

wanted=${*:-$known}
for core in $wanted; do
  [[ " $known" == *" $core "* ]] || die "ansible-core $core is not known here: choose of $known"
done
suites=${SUITES:-units integration}

# What pytest says in its last line, without its decoration.
told() {
  local log="$build/logs/$1.log"
  { grep -E '^=+ .*(passed|failed|error|no tests ran)' "$log" 2>/dev/null || echo "nothing was run"; } | tail -n 1 | tr -d '=' | sed 's/^ *//; s/ *$//'
}

results=()
failures=0
while read -r core pythons; do
  [[ " $wanted " == *" $core "* ]] || continue
  python=
  for version in $pythons; do
    if command -v "python$version" >/dev/null; then python=$version && break; fi
  done
  if [ -z "$python" ]; then
    results+=("$(printf '%-6s %-7s %-12s FAILED  no Python for it: it needs one of %s' "$core" - - "$pythons")")
    failures=$((failures + 1))
    continue
  fi
  # Of the newest there is a release candidate only: ~= takes one with .0rc1.
  release=$core.0
  if [ "$core" = 2.22 ]; then release=$core.0rc1; fi
  name="core-$core-python-$python"
  export VENV="$build/matrix/$name"
  # A core that cannot be installed or fails must not keep the next one from being tried.
  if ! {
    "python$python" -m venv "$VENV" &&
      "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "ansible-core~=$release" \
        -r "$root/requirements.txt" -r "$root/tests/simulator/requirements.txt" -r "$root/tests/requirements/pytest.txt"
  }; then
    results+=("$(printf '%-6s %-7s %-12s FAILED  it could not be installed' "$core" "$python" -)")
    failures=$((failures + 1))
    continue
  fi
  for suite in $suites; do
    options=()
    if [ "$suite" = integration ]; then options=(-m 'not long' --both-ways --ignore tests/integration/tools); fi
    if [ -n "${ONLY:-}" ]; then options+=(-k "$ONLY"); fi
    verdict=passed
    rm -f "$build/logs/$suite-$name.log"
    "$root/tests/utils/pytest.sh" "$suite-$name" "${suite/units/unit}" "${options[@]}" </dev/null || verdict=FAILED
    if [ "$verdict" = FAILED ]; then failures=$((failures + 1)); fi
    results+=("$(printf '%-6s %-7s %-12s %-7s %s' "$core" "$python" "$suite" "$verdict" "$(told "$suite-$name")")")
  done
done <<<"$supported"

headline "matrix"
printf '%-6s %-7s %-12s %-7s %s\n' core Python suite verdict tests
printf '%s\n' "${results[@]}"
[ "$failures" = 0 ] || die "$failures of ${#results[@]} failed"
