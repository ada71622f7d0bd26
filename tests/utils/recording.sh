#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Records the emergency stop in a terminal, against a simulator: docs/emergency_stop.svg.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "recording"

cd "$copy"
PYTHONPATH="$build" python -m ansible_collections.bookieops.betmatic.tests.integration.support.recording "$root/docs/emergency_stop.svg"
