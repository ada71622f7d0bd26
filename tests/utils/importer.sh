#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The check that Galaxy makes when a collection is uploaded.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
headline "importer"

# It writes its result to the folder that it runs in.
mkdir -p "$build/importer"
cd "$build/importer"
logged importer python -m galaxy_importer.main "$build"/bookieops-betmatic-*.tar.gz
proven importer 'Importer processing completed successfully'
if grep -nE 'WARNING|ERROR' "$build/logs/importer.log"; then
  die "Galaxy would warn of the lines above"
fi
