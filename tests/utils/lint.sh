#!/usr/bin/env bash
# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Changelog, documentation, YAML, Python and shell: everything that is judged without being run.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
without_betmatic
cd "$copy"

headline "lint: changelog"
antsibull-changelog lint
antsibull-changelog lint-changelog-yaml --no-semantic-versioning changelogs/changelog.yaml

headline "lint: shell"
shellcheck --version | grep '^version:'
shellcheck .ci/run tests/utils/*.sh

headline "lint: Python"
[ -n "$(find plugins tests -name '*.py' -print -quit)" ] || die "no Python file to lint"
ruff check --no-cache extensions plugins tests

headline "lint: types"
(cd "$build" && logged mypy mypy --config-file "$copy/mypy.ini" --cache-dir "$build/mypy")
proven mypy '^Success: no issues found in [1-9][0-9]* source files'

headline "lint: documentation"
# It keeps a log in the home folder.
HOME="$build/ansible" antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .

headline "lint: ansible-lint"
logged ansible-lint ansible-lint --offline --nocolor --profile production
proven ansible-lint 'Passed: 0 failure\(s\), 0 warning\(s\) in [1-9][0-9]* files processed'
