#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Applies deliberate mistakes to copies of the collection, and requires that the tests catch each.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "mutants"

cd "$copy"
logged mutants python tests/mutants/run.py
proven mutants '^[1-9][0-9]* passed, 0 failed$'
