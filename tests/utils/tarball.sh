#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the collection into build/, from a fresh copy: the tests leave files behind in theirs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

rm -f "$build"/bookieops-betmatic-*.tar.gz
cd "$copy"
ansible-galaxy collection build --force --output-path "$build"
