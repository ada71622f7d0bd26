#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the demo playbook, against the simulator unless BETMATIC_API_URL and BETMATIC_API_TOKEN name a service.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source "$(dirname "${BASH_SOURCE[0]}")/started.sh"

work="$build/demo"
mkdir -p "$work"
# A folder of its own, so that a test run beside it keeps its copy.
"$root/tests/utils/copy.sh" "$work"

simulator_url=""
if [ -n "${BETMATIC_API_URL:-}" ] && [ -n "${BETMATIC_API_TOKEN:-}" ]; then
  printf 'The demo talks to %s\n' "$BETMATIC_API_URL"
elif [ -n "${BETMATIC_API_URL:-}${BETMATIC_API_TOKEN:-}" ]; then
  die "set both BETMATIC_API_URL and BETMATIC_API_TOKEN, or neither"
else
  start_simulator "$work" --startup 0.5
  printf 'The demo talks to a simulator of the service at %s\n' "$BETMATIC_API_URL"
fi

export ANSIBLE_COLLECTIONS_PATH="$work"
export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_INVENTORY_UNPARSED_WARNING=False
export ANSIBLE_LOCALHOST_WARNING=False
if [ -t 1 ]; then unset ANSIBLE_NOCOLOR; fi
cd "$work"
ansible-playbook bookieops.betmatic.demo -e "demo_simulator_url=$simulator_url" \
  -e '{"ansible_python_interpreter": "{{ ansible_playbook_python }}"}'
if [ -n "$simulator_url" ]; then
  printf 'Everything went as expected; step 7 fails on purpose. Next: make simulator, and a playbook of your own (README).\n'
fi
