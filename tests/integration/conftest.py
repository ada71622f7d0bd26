# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simulators, each started once for a worker and as new for each case; certificates; proxies."""

from __future__ import annotations

import signal

import pytest

from ansible_collections.bookieops.betmatic.tests.integration.support.aging import token_for
from ansible_collections.bookieops.betmatic.tests.integration.support.batches import BATCHES
from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import end_what_works_in
from ansible_collections.bookieops.betmatic.tests.integration.support.runbooks import running
from ansible_collections.bookieops.betmatic.tests.integration.support.schedulers import Host
from ansible_collections.bookieops.betmatic.tests.integration.support.servers import Proxy, certificates
from ansible_collections.bookieops.betmatic.tests.simulator import harness


def pytest_configure(config):
    config.addinivalue_line("markers", "core: what `make test` runs: the acceptance table's core and of each file what matters most")
    config.addinivalue_line("markers", "long: takes more than ten seconds, and goes first; leave it out with -m 'not long'")


def pytest_addoption(parser):
    parser.addoption("--both-ways", action="store_true", help="run the acceptance table as a shipped module, too, and compare the results key by key")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes longest goes first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, "tools" not in item.path.parts))


def pytest_terminal_summary(terminalreporter):
    """Show what tests measured; a measurement is no assertion."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"measured: {name}: {value}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """What shares a playbook runs in one worker, or the playbook would run in several."""
    from xdist.scheduler import LoadScopeScheduling

    class BatchScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _colons, name = nodeid.partition("::")
            if file.endswith("test_variants.py"):
                return file
            return BATCHES.get(name[len("test_case["):-1], nodeid)

    return BatchScheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def _signals_as_in_a_terminal():
    """Under nohup what a test starts would ignore SIGHUP, as it is meant to."""
    kept = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, kept)


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    """A certificate for this machine, its CA, and a CA that did not sign it."""
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def simulator_of(certs):
    """A simulator with these options, as freshly started; tls=True serves TLS, number tells like ones apart."""
    started = {}

    def get(number=0, **options):
        key = (number, *sorted(options.items()))
        if key not in started:
            if options.pop("tls", False):
                options.update(certfile=certs.certfile, keyfile=certs.keyfile)
            started[key] = harness.start(**options)
        started[key].reset()
        return started[key]

    yield get
    errors = "".join(simulator.errors() for simulator in started.values())
    for simulator in started.values():
        simulator.stop()
    assert errors == ""


@pytest.fixture
def simulator(simulator_of, tmp_path):
    yield simulator_of()
    end_what_works_in(tmp_path)


@pytest.fixture
def proxy():
    """A proxy that opens tunnels; `proxy.refuses` changes that."""
    with Proxy() as server:
        yield server


@pytest.fixture(name="aging")
def _aging(simulator_of):
    """A simulator whose token lives three more days."""
    return simulator_of(token=token_for(3))


@pytest.fixture(name="fleet")
def _fleet(simulator):
    """A simulator of six accounts whose bots run."""
    simulator.put_accounts(running())
    return simulator


@pytest.fixture(name="host")
def _host(simulator, tmp_path):
    """A host to install schedules on, and a fleet of three accounts whose bots run."""
    simulator.put_accounts(running(3))
    return Host(tmp_path, simulator)
