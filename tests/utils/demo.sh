#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the demo playbook, against the simulator unless BETMATIC_API_URL and BETMATIC_API_TOKEN name a service.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

work="$build/demo"
mkdir -p "$work"
# A folder of its own, so that a test run beside it keeps its copy.
"$root/tests/utils/copy.sh" "$work"

simulator=""
demo_simulator_url=""
stop_simulator() {
  [ -n "$simulator" ] || return 0
  kill "$simulator" 2>/dev/null || true
  wait "$simulator" 2>/dev/null || true
  simulator=""
}
trap stop_simulator EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -n "${BETMATIC_API_URL:-}" ] && [ -n "${BETMATIC_API_TOKEN:-}" ]; then
  printf 'The demo talks to %s\n' "$BETMATIC_API_URL"
elif [ -n "${BETMATIC_API_URL:-}${BETMATIC_API_TOKEN:-}" ]; then
  die "set both BETMATIC_API_URL and BETMATIC_API_TOKEN, or neither"
else
  without_betmatic
  ready="$work/simulator.json"
  rm -f "$ready"
  BETMATIC_API_TOKEN=$(PYTHONPATH="$root/tests/simulator" python -c 'import harness; print(harness.SIMULATOR_TOKEN)')
  export BETMATIC_API_TOKEN
  python "$root/tests/simulator" --ready-file "$ready" --startup 0.5 --exit-with-parent >"$build/logs/simulator.log" 2>&1 &
  simulator=$!
  tries=0
  until [ -s "$ready" ]; do
    kill -0 "$simulator" 2>/dev/null || die "the simulator ended: $(tail -n 5 "$build/logs/simulator.log")"
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || die "the simulator was not ready after 30 seconds"
    sleep 0.1
  done
  port=$(python -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8"))["port"])' "$ready")
  demo_simulator_url="http://127.0.0.1:$port"
  export BETMATIC_API_URL="$demo_simulator_url/api"
  printf 'The demo talks to a simulator of the service at %s\n' "$BETMATIC_API_URL"
fi

export ANSIBLE_COLLECTIONS_PATH="$work"
export ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
export ANSIBLE_INVENTORY_UNPARSED_WARNING=False
export ANSIBLE_LOCALHOST_WARNING=False
if [ -t 1 ]; then unset ANSIBLE_NOCOLOR; fi
cd "$work"
ansible-playbook bookieops.betmatic.demo -e "demo_simulator_url=$demo_simulator_url" \
  -e '{"ansible_python_interpreter": "{{ ansible_playbook_python }}"}'
