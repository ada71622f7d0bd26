# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the unit tests measured, the mark of those that take long, and ansible-core as it was before it masked by itself."""

from __future__ import annotations

import pytest


@pytest.fixture
def old_core(monkeypatch):
    """ansible-core up to 2.21: what a module is to mask stands in its no_log_values."""
    # ansible-test finds the collection only once this file is read.
    from ansible_collections.bookieops.betmatic.plugins.module_utils import _module

    monkeypatch.setattr(_module, "register_secrets", None)


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes more than ten seconds; run it with -m long")


def pytest_collection_modifyitems(config, items):
    """What takes minutes runs where it is asked for, with -m long."""
    if "long" not in config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter):
    """Show what unit tests measured; a measurement is no assertion."""
    histories = 0
    for report in terminalreporter.getreports("passed"):
        if report.nodeid.startswith("tests/unit/"):
            for name, value in report.user_properties:
                terminalreporter.write_line(f"measured: {name}: {value}")
                histories += int(value.split()[0]) if name.startswith("histories walked") else 0
    if histories:
        terminalreporter.write_line(f"measured: histories walked in all: {histories}")
