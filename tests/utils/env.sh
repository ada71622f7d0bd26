# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# Sourced by the scripts beside it: one environment for all of them.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build="$root/build"
copy="$build/ansible_collections/bookieops/betmatic"
PATH="${VENV:-$root/.venv}/bin:$PATH"

die() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# Ansible gives its temporary folder to a shell unquoted, and splits its search path at colons.
case "$root" in
  *[\"\'\`\$\\\&\;\|\<\>\(\)\*\?\[\]:]* | *"  "*) die "Ansible cannot work in a path with quotes, colons or other characters of the shell: $root" ;;
esac

# The caller's settings must not decide a result.
for name in "${!ANSIBLE_@}" "${!GALAXY_@}" "${!GIT_@}" "${!MOLECULE_@}" "${!PYTEST_@}" "${!PYTHON@}"; do
  unset "$name"
done
unset COLLECTIONS_PATH

mkdir -p "$build/logs" "$build/ansible"
printf '[defaults]\n' >"$build/ansible/ansible.cfg"
# Each folder is named: not all of them follow ANSIBLE_HOME.
export PATH
export ANSIBLE_CONFIG="$build/ansible/ansible.cfg"
export ANSIBLE_COLLECTIONS_PATH="$build"
export ANSIBLE_HOME="$build/ansible"
export ANSIBLE_LOCAL_TEMP="$build/ansible/tmp"
export ANSIBLE_REMOTE_TMP="$build/ansible/tmp"
export ANSIBLE_NOCOLOR=1
# What is compiled is kept, or each process would compile all that it imports; no folder of the copy has it.
export PYTHONPYCACHEPREFIX="$build/pycache"

# No test may meet the real service.
without_betmatic() {
  local name
  for name in "${!BETMATIC_@}"; do
    unset "$name"
  done
}

# PATH with the Pythons behind pyenv's shims in place of the shims: those of Pythons that are not selected exit with an error.
without_shims() {
  local clean="${VENV:-$root/.venv}/bin" folder folders
  for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin; do
    if "$folder/python" -c 'import ensurepip, ssl, venv' 2>/dev/null; then clean="$clean:$folder"; fi
  done
  IFS=: read -r -a folders <<<"$PATH"
  for folder in "${folders[@]}"; do
    case "$folder" in
      */shims) ;;
      *) clean="$clean:$folder" ;;
    esac
  done
  printf '%s' "$clean"
}

headline() {
  printf '\n== %s ==\n' "$1"
}

# Shows what a command prints, and keeps it in build/logs/NAME.log.
logged() {
  local log="$build/logs/$1.log"
  shift
  "$@" 2>&1 | tee "$log"
}

# Fails when the log of NAME lacks the line that proves that something ran.
proven() {
  grep -qE -- "$2" "$build/logs/$1.log" || die "$1 ran nothing: its output lacks \"$2\""
}
