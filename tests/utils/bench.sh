#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark: keeps its runs in build/benchmark/, writes docs/benchmark.md and docs/benchmark.svg. Options go to the benchmark.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "bench"

work="$build/benchmark"
mkdir -p "$work"
# A folder of its own, so that a test run beside it keeps its copy.
"$root/tests/utils/copy.sh" "$work"
# As users have it: what is imported twice is compiled once.
unset PYTHONPYCACHEPREFIX
export PYTHONPATH="$work"
cd "$work"
logged bench python -m ansible_collections.bookieops.betmatic.tests.benchmark --results "$work/results.json" --docs "$root/docs" "$@"
