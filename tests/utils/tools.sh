# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by pytest.sh: Java and Chromium for the tests in tests/integration/tools. bindep.txt names their packages; nothing is installed here.

# Prints the home of a Java 17 or later.
java_home() {
  local java properties version
  for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    [ -x "$java" ] || continue
    properties=$("$java" -XshowSettings:properties -version 2>&1) || continue
    version=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$properties")
    [ "${version%%.*}" -ge 17 ] 2>/dev/null || continue
    sed -n 's/^ *java\.home = //p' <<<"$properties"
    return 0
  done
  return 1
}

needs_tools() {
  JAVA_HOME=$(java_home) || die "the tests of the rulebooks need Java 17 or later: install what bindep.txt names (Debian: apt-get install default-jre-headless), or set JAVA_HOME"
  export JAVA_HOME
  command -v chromium chromium-browser google-chrome >/dev/null ||
    die "the tests of the audit trail's page need Chromium as chromium, chromium-browser or google-chrome on PATH: install what bindep.txt names"
}
