#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the home of a Java 17 or later, which the tests of the rulebooks need; as root on a machine with apt-get it installs one.
set -euo pipefail

# The first that the system's release has.
packages=(openjdk-17-jre-headless openjdk-21-jre-headless default-jre-headless)

# Prints the home of the java at the path, if it is new enough.
home_of() {
  local properties version
  properties=$("$1" -XshowSettings:properties -version 2>&1) || return 1
  version=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$properties")
  [ "${version%%.*}" -ge 17 ] 2>/dev/null || return 1
  sed -n 's/^ *java\.home = //p' <<<"$properties"
}

find_home() {
  local java
  for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    if [ -x "$java" ] && home_of "$java"; then return 0; fi
  done
  return 1
}

if find_home; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >&2 || true
  for package in "${packages[@]}"; do
    printf 'No Java 17 or later: apt-get installs %s\n' "$package" >&2
    if apt-get install -q -y --no-install-recommends "$package" >&2 && find_home; then exit 0; fi
  done
fi
printf 'Error: ansible-rulebook needs Java 17 or later. Install it (Debian: %s), or set JAVA_HOME.\n' "${packages[0]}" >&2
exit 1
