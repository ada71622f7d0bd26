#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# A simulator of the service to try playbooks on, until it is interrupted; build/try/env is what a shell needs to use it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source "$(dirname "${BASH_SOURCE[0]}")/started.sh"

work="$build/try"
# A folder of holds of its own: a stop that was only tried keeps nothing in the user's.
mkdir -p "$work/holds"
"$root/tests/utils/copy.sh" "$work"
start_simulator "$work" --startup 0.5
printf 'export %s=%q\n' BETMATIC_API_URL "$BETMATIC_API_URL" BETMATIC_API_TOKEN "$BETMATIC_API_TOKEN" BETMATIC_HOLDS "$work/holds" \
  ANSIBLE_COLLECTIONS_PATH "$work" ANSIBLE_LOCALHOST_WARNING False ANSIBLE_INVENTORY_UNPARSED_WARNING False >"$work/env"
printf 'export PATH=%q:%s\n' "$root/.venv/bin" "\"\$PATH\"" >>"$work/env"
printf 'A simulator of the service runs until you press Ctrl-C. In another terminal, in this folder, after each start:\n\n  source build/try/env\n\n'
wait "$simulator"
