# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
# A venv knows its place and its Python: a moved checkout or another PYTHON gets a new one.
ID := $(shell { pwd -P; echo '$(PYTHON)'; } | cksum | cut -d ' ' -f 1)
DEMO_READY := .venv/demo-$(ID)
TEST_READY := .venv/test-$(ID)
ALL_READY := .venv/all-$(ID)
BENCH_READY := .venv/bench-$(ID)
DOCS_READY := .venv/docs-$(ID)
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo simulator test test-all lint units histories core integration sanity ansible-test molecule importer mutants matrix bench recording docs release copy all clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

demo: $(DEMO_READY) ## run the demo playbook against a simulator, or against BETMATIC_API_URL with BETMATIC_API_TOKEN
	@tests/utils/demo.sh

simulator: $(DEMO_READY) ## a simulator to try your own playbooks on
	@tests/utils/simulator.sh

test: lint units core ## what to run before a commit, in ten minutes of processor time at most

test-all: lint units histories integration sanity molecule importer docs mutants ## everything; CI runs this

lint: copy ## changelog, shell, Python and its types, documentation, ansible-lint
	@tests/utils/lint.sh

units: copy ## unit tests
	@tests/utils/pytest.sh units unit

histories: copy ## every history of one account, which takes minutes
	@tests/utils/pytest.sh histories unit -m long

core: copy ## the integration tests that are marked core: ansible-playbook against a simulator
	@tests/utils/pytest.sh core integration -m core --ignore tests/integration/tools

integration: all ## all integration tests, with a browser, rulebooks, ansible-runner and ansible-navigator
	@tests/utils/pytest.sh integration integration

sanity: copy ## ansible-test sanity
	@tests/utils/ansible_test.sh sanity

ansible-test: copy ## ansible-test units and ansible-test integration, as other collections have them
	@tests/utils/ansible_test.sh tests

molecule: all ## molecule scenarios
	@tests/utils/molecule.sh

importer: all ## Galaxy's own import check of the tarball
	@tests/utils/importer.sh

mutants: copy ## deliberate mistakes, each of which the tests must catch
	@tests/utils/mutants.sh

matrix: copy ## units and integration on ansible-core 2.16 and 2.18 to 2.22, one after the other; CORES=2.21 for one
	@SUITES='$(SUITES)' ONLY='$(ONLY)' tests/utils/matrix.sh $(CORES)

bench: $(BENCH_READY) ## measure against uri, curl and requests, in some ten minutes; writes docs/benchmark.md
	@tests/utils/bench.sh

recording: copy $(TEST_READY) ## record the emergency stop anew; writes docs/emergency_stop.svg
	@tests/utils/recording.sh

docs: copy $(DOCS_READY) ## the documentation site, in build/docs/html
	@tests/utils/docs.sh

release: $(DEMO_READY) ## the tarball of a release and its checksum, in build/release
	@tests/utils/release.sh

# What git knows of the collection, at the path that Ansible wants, and the tarball made of it.
copy: $(TEST_READY)
	@tests/utils/copy.sh
	@tests/utils/tarball.sh

# The same, with the tools that only test-all uses.
all: $(ALL_READY) copy

$(DEMO_READY): requirements.txt tests/requirements/demo.txt tests/simulator/requirements.txt
	@'$(PYTHON)' -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { echo "A Python from 3.11 to 3.14 is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	'$(PYTHON)' -m venv --clear .venv
	$(PIP) $(foreach file,$^,-r $(file)) && touch $@

$(TEST_READY): $(DEMO_READY) tests/requirements/pytest.txt tests/requirements/lint.txt
	$(PIP) $(foreach file,$(filter %.txt,$^),-r $(file)) && touch $@

$(ALL_READY): $(TEST_READY) tests/requirements/all.txt
	$(PIP) $(foreach file,$(filter %.txt,$^),-r $(file)) && touch $@

$(BENCH_READY): $(DEMO_READY) tests/benchmark/requirements.txt
	$(PIP) $(foreach file,$(filter %.txt,$^),-r $(file)) && touch $@

$(DOCS_READY): $(DEMO_READY) docs/docsite/requirements.txt
	$(PIP) $(foreach file,$(filter %.txt,$^),-r $(file)) && touch $@

clean: ## remove .venv and build
	rm -rf .venv build
