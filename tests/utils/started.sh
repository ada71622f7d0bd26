# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced after env.sh: a simulator that ends with the script.

simulator=""
stop_simulator() {
  [ -n "$simulator" ] || return 0
  kill "$simulator" 2>/dev/null || true
  wait "$simulator" 2>/dev/null || true
  simulator=""
}
trap stop_simulator EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# start_simulator FOLDER [options]: sets BETMATIC_API_URL, BETMATIC_API_TOKEN and simulator_url.
start_simulator() {
  local ready="$1/simulator.json" tries=0
  shift
  without_betmatic
  rm -f "$ready"
  BETMATIC_API_TOKEN=$(PYTHONPATH="$root/tests/simulator" python -c 'import harness; print(harness.SIMULATOR_TOKEN)')
  export BETMATIC_API_TOKEN
  python "$root/tests/simulator" --ready-file "$ready" --exit-with-parent "$@" >"$build/logs/simulator.log" 2>&1 &
  simulator=$!
  until [ -s "$ready" ]; do
    kill -0 "$simulator" 2>/dev/null || die "the simulator ended: $(tail -n 5 "$build/logs/simulator.log")"
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || die "the simulator was not ready after 30 seconds"
    sleep 0.1
  done
  simulator_url="http://127.0.0.1:$(python -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8"))["port"])' "$ready")"
  export BETMATIC_API_URL="$simulator_url/api"
}
