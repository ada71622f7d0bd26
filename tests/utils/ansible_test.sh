#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ansible-test in the copy, with every Python that works on this machine: ansible_test.sh sanity|tests
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
kind=$1
headline "ansible-test: $kind"

# ansible-test would try the shims.
PATH=$(without_shims)

# ansible-test looks here before it downloads get-pip.py from a host of its own.
wanted=$(
  python - <<'PYTHON'
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages

print("\n".join({get_venv_packages(SimpleNamespace(version=f"3.{minor}"))["pip"] for minor in range(8, 16)}))
PYTHON
) || die "this ansible-core does not say which pip its ansible-test wants"
mkdir -p "$HOME/.ansible/test/cache"
for version in $wanted; do
  cached="$HOME/.ansible/test/cache/get_pip_${version//./_}.py"
  [ -e "$cached" ] || cp "$root/tests/utils/get_pip.py" "$cached"
done

cd "$copy"
if [ "$kind" = sanity ]; then
  [ -n "$(find plugins/modules -name '*.py' -print -quit)" ] || die "no module to check"
  logged sanity ansible-test sanity --local --color no
  proven sanity 'Running sanity test "validate-modules"'
  proven sanity 'Running sanity test "shellcheck"'
  if grep -nE "Required program|Skipping sanity test \"(shellcheck|validate-modules)\"|All targets skipped" "$build/logs/sanity.log"; then
    die "sanity left a test out"
  fi
  exit
fi

# The controller's own Python alone. Another one: ansible-test units --venv --python 3.9 in the copy, for what travels with a module.
python=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
logged ansible-test-units ansible-test units --venv --python "$python" --color no
# ansible-test runs three groups, and says nothing of one that it found no tests for.
for group in modules module_utils controller; do
  proven ansible-test-units "^Unit test $group with Python $python"
done
proven ansible-test-units '^=+ .*[0-9]+ passed'
if grep -nE '^=+ .*(skipped|xfailed|xpassed)' "$build/logs/ansible-test-units.log"; then
  die "a test that is left out proves nothing"
fi
logged ansible-test-integration ansible-test integration --venv --python "$python" --color no
proven ansible-test-integration '^TASK \[bookie_bot : Switch all accounts off\]'
proven ansible-test-integration '^testhost .* ok=[1-9][0-9]* .* failed=0 '
if grep -n "All targets skipped" "$build/logs/ansible-test-integration.log"; then
  die "ansible-test integration ran nothing"
fi
