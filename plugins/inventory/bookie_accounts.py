# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of accounts as an inventory: one host per account."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bookie_accounts
short_description: One host for each bookmaker account of a Betmatic token
version_added: 1.0.0
author:
  - BookieOps contributors (@bookieops)
description:
  - Reads the list of accounts and makes each account a host, so that C(--limit), C(serial), C(max_fail_percentage) and groups work on accounts.
  - The configuration file's name must end in C(bookie_accounts.yml) or C(bookie_accounts.yaml).
  - Every host is in the group C(bookie_accounts), in C(bot_running), C(bot_stopped) or C(bot_unclear) (the list proves neither), and, where the list
    gives its bookmaker, in a group for that, such as C(bookie_TAB). Bookmakers whose names would share a group, such as Bet 365 and Bet-365, have a piece
    of a hash at the end of theirs.
  - Host variables are C(bookie_account_id), C(bookie_bookmaker), C(bookie_display_name), C(bookie_bot_id), C(bookie_bot_status),
    C(bookie_running_sessions), C(bookie_update_time) and C(bookie_held), C(ansible_connection) with the value C(local), and C(ansible_python_interpreter) with
    the Python that runs Ansible.
  - C(bookie_held) tells whether a hold keeps every ON to the account back (M(bookieops.betmatic.bookie_hold)). It is looked up each time, also where
    the list is cached. Where the folder cannot be read, or has not answered a quarter of a second after the list, every account counts as held.
  - The list (C(GET /bookieaccount/)) is not on the vendor's pages of the control API, and a token may have none. Then use a static inventory of
    the same shape.
  - A bot that is starting looks stopped in the list.
  - An inventory that cannot be read is a warning to Ansible, and a play without hosts ends with 0. Set C(any_unparsed_is_failed=true) and
    C(host_pattern_mismatch=error) in the section C(inventory) of ansible.cfg. Then both are errors.
  - What is cached counts for the same file, token, O(api_url), O(include_balances) and O(include_network) only. C(ansible.builtin.jsonfile) lets every user
    of the machine read its files. Let O(cache_connection) be a folder that only its owner can enter.
extends_documentation_fragment:
  - bookieops.betmatic.connection
  - bookieops.betmatic.connection.plugin
  - constructed
  - inventory_cache
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [bookieops.betmatic.bookie_accounts]
  hostname:
    description:
      - Whether hosts are named by V(account_id) or by V(display_name).
      - Names are made safe. A name that is missing gives way to the id. Names that are equal get their ids appended, and so does a name that is
        C(localhost), that of a group, that of a host which another inventory has made before, a number, or the id of another account.
        The service chooses display names, and a host must not pass for a group or for another account.
      - Name this inventory last, so that the hosts of all others are known.
    type: str
    choices: [account_id, display_name]
    default: account_id
  include_balances:
    description: Whether to set C(bookie_balance) and C(bookie_bonus_balance).
    type: bool
    default: false
  include_network:
    description: Whether to set C(bookie_bot_ip).
    type: bool
    default: false
"""

EXAMPLES = r"""
# bookie_accounts.yml, with the token in BETMATIC_API_TOKEN
plugin: bookieops.betmatic.bookie_accounts
hostname: display_name
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ./inventory_cache
cache_timeout: 60
groups:
  many_sessions: bookie_running_sessions | int > 3
keyed_groups:
  - prefix: bot
    key: bookie_bot_id
compose:
  bookie_label: bookie_bookmaker ~ ' ' ~ bookie_account_id
"""

import hashlib
import json
import sys
import time
from contextlib import closing

from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils import _account_list, _arguments, _token_source
from ..module_utils._api import token as api_token
from ..module_utils._api.client import Client
from ..module_utils._api.documents import RUNNING, STOPPED, AccountList
from ..module_utils._api.transport import REQUESTS_IMPORT_ERROR
from ..module_utils._errors import InputError
from ..module_utils._hold_gate import HeldLook
from ..module_utils._switch import reader
from ..plugin_utils import _host_names

GROUP = "bookie_accounts"
STATUS_GROUPS = {RUNNING: "bot_running", STOPPED: "bot_stopped", None: "bot_unclear"}


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """One host for each account."""

    NAME = "bookieops.betmatic.bookie_accounts"

    def verify_file(self, path):
        """Only files that say by their name that they are ours."""
        return super().verify_file(path) and path.endswith(("bookie_accounts.yml", "bookie_accounts.yaml"))

    def parse(self, inventory, loader, path, cache=True):
        """Fill the inventory from the cache or from the service."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        try:
            self._parse(inventory, path, cache, config)
        except InputError as error:
            raise AnsibleParserError(str(error)) from None

    def _parse(self, inventory, path, cache, config):
        options = {name: self._option(name) for name in _arguments.connection_spec()}
        token = _token_source.choose(options, config).read()
        # Anew each time: what is cached is the service's.
        look = HeldLook(options["holds_path"], _arguments.read_url(options))
        listed = self._accounts(path, cache, options, token)
        held = look.held([account["account_id"] for account in listed])
        accounts = [dict(account, held=account["account_id"] in held) for account in listed]
        ours = self._filled(accounts, {"localhost", *inventory.groups, *inventory.hosts})
        _move(ours, inventory)
        self.inventory = inventory

    def _filled(self, accounts, taken):
        """Return an inventory of these accounts alone, in which no host has the name of a group or one that is taken.

        Which groups the configuration makes is known when they are made. That takes most of the time, so that it is done again only for a clash.
        """
        of_bookmakers = _host_names.bookmaker_groups({account["bookie"] for account in accounts if account["bookie"]}, self._sanitize_group_name)
        taken = {*taken, GROUP, *STATUS_GROUPS.values(), *of_bookmakers.values()}
        hostname = self.get_option("hostname")
        try:
            self._fill(accounts, of_bookmakers, _host_names.host_names(accounts, hostname, taken))
            clashes = not set(self.inventory.groups).isdisjoint(self.inventory.hosts)
        except InputError:
            raise
        except Exception:  # pylint: disable=broad-except
            # Core has no class of its own for "can't add group to itself". What has another cause is raised again below.
            clashes = True
        if clashes:
            # No group's name holds a blank.
            self._fill(accounts, of_bookmakers, [f"account {account['account_id']}" for account in accounts])
            self._fill(accounts, of_bookmakers, _host_names.host_names(accounts, hostname, taken.union(self.inventory.groups)))
        return self.inventory

    def _fill(self, accounts, of_bookmakers, hosts):
        """Make an inventory of these accounts under these names."""
        self.inventory = InventoryData()
        for group in (GROUP, *STATUS_GROUPS.values()):
            self.inventory.add_group(group)
        for host, account in zip(hosts, accounts):
            self._add(host, account, of_bookmakers.get(account["bookie"]))

    def _add(self, host, account, bookmaker_group):
        variables = host_variables(account)
        self.inventory.add_host(host, group=GROUP)
        for group in filter(None, (STATUS_GROUPS[account["bot_status"]], bookmaker_group)):
            self.inventory.add_group(group)
            self.inventory.add_child(group, host)
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)

    def _accounts(self, path, cache, options, token):
        """Return the accounts as dictionaries, from the cache where it may be used and holds them."""
        key = self._cache_key(path, options, token)
        cached = self.get_option("cache") and cache
        if cached and key in self._cache:
            return self._cache[key]
        accounts = self._read(options, token)
        if self.get_option("cache"):
            self._cache[key] = accounts
        return accounts

    def _cache_key(self, path, options, token):
        """Return a key that is another one for what another token, service or choice of fields would give."""
        given = [token, str(options["api_url"]).strip(), *(str(self._option(name)).strip() for name in ("include_balances", "include_network"))]
        return f"{self.get_cache_key(path)}_{hashlib.sha256(json.dumps(given).encode('utf-8')).hexdigest()}"

    def _read(self, options, token):
        """Read the list from the service; raises InputError."""
        if REQUESTS_IMPORT_ERROR:
            raise InputError("The inventory bookie_accounts needs the Python library requests on the control node.")
        limits = _arguments.read_reading_limits(options)
        warning = api_token.warning(api_token.expires(token), time.time())
        if warning:
            self.display.warning(warning)
        with closing(Client(_arguments.read_url(options), token, options["validate_certs"], _arguments.read_ca_path(options))) as client:
            answer = reader.list_accounts(client, limits)
        if not isinstance(answer, AccountList):
            raise InputError(_account_list.why_no_list(answer))
        selected = _account_list.select(answer, _account_list.Selection())
        if selected.twice:
            self.display.warning(f"Listed twice by the service, so that nothing is proven of the bot: {', '.join(selected.twice)} (group bot_unclear).")
        return [_account_list.as_dict(row, self.get_option("include_balances"), self.get_option("include_network")) for row in selected.rows]

    def _option(self, name):
        """Return an option's value; a template in it, such as a look-up of the token, is resolved."""
        value = self.get_option(name)
        if isinstance(value, str) and self.templar.is_template(value):
            return self.templar.template(value)
        return value


def _move(ours, inventory):
    """Add the groups and hosts of an inventory to another one."""
    for group in ours.groups.values():
        inventory.add_group(group.name)
    for group in ours.groups.values():
        for child in group.child_groups:
            inventory.add_child(group.name, child.name)
        for host in group.hosts:
            inventory.add_host(host.name, group=group.name)
    for host in ours.hosts.values():
        inventory.add_host(host.name)
        for name, value in host.vars.items():
            if name not in ("inventory_file", "inventory_dir"):
                inventory.set_variable(host.name, name, value)


def host_variables(account):
    """Return the host's variables; what the service says is never taken for a template."""
    names = {"account_id": "bookie_account_id", "bookie": "bookie_bookmaker"}
    told = {names.get(key, "bookie_" + key): wrap_var(value) for key, value in account.items()}
    return dict(told, ansible_connection="local", ansible_python_interpreter=sys.executable)
