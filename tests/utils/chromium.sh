#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Sees to it that there is a Chromium for the tests of the audit trail's page.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then
    printf 'The page is tried in %s\n' "$(command -v "$name")"
    exit
  fi
done

missing="the tests of the audit trail's page need Chromium as chromium, chromium-browser or google-chrome on PATH"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then die "$missing: install it, then run this again"; fi
headline "chromium"
export DEBIAN_FRONTEND=noninteractive
log="$build/logs/chromium.log"
{ apt-get update -q && apt-get install -q -y --no-install-recommends chromium; } >"$log" 2>&1 || die "$missing, and apt-get cannot install it: $(tail -n 3 "$log")"
command -v chromium >/dev/null || die "$missing: the package chromium that was installed does not bring it"
