# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet file as accounts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: declared_accounts
short_description: The accounts of a fleet file, checked
version_added: 1.0.0
description:
  - Turns the text of a fleet file into RV(_value), which O(bookieops.betmatic.bookie_bot#module:accounts) takes.
  - Every value is the text that stands in the file, so that YAML makes no number of C(0123) and no boolean of C(on).
  - Fails where the file is empty or no YAML, names an account twice, or has a key that is none of C(account_id), C(state) and C(display_name).
author:
  - BookieOps contributors (@bookieops)
positional: _input
options:
  _input:
    description: The text of the file. A mapping with C(accounts), a list of entries with C(account_id), C(state) and, as a guard, C(display_name).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: What would change if the fleet were as declared?
  bookieops.betmatic.bookie_bot:
    accounts: "{{ fleet | bookieops.betmatic.declared_accounts }}"
  check_mode: true
  diff: true
  vars:
    fleet: |
      accounts:
        - {account_id: 123, state: on, display_name: TAB Main Account}
        - {account_id: 124, state: off}
"""

RETURN = r"""
_value:
  description: The accounts in the order of the file, each with C(account_id), C(state) and, if given, C(display_name).
  type: list
  elements: dict
  sample:
    - account_id: "123"
      state: "on"
      display_name: TAB Main Account
"""

import yaml
from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import fleet


class _Loader(yaml.BaseLoader):
    """Keeps every scalar as its text, and refuses a key that stands twice in a mapping."""

    def construct_mapping(self, node, deep=False):
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return mapping


def read(text):
    """Return the accounts of a fleet file's text; raises InputError."""
    try:
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        # Not the error's own text: it shows what stands in the file, and that may be another file than was meant.
        mark = getattr(error, "problem_mark", None)
        raise InputError(f"is no valid YAML: {_problem(error)}{_line(mark)}") from None
    return fleet.declared_accounts(document)


def declared_accounts(text):
    """Return the accounts; nothing in the file is ever taken for a template."""
    try:
        return wrap_var(read(text))
    except InputError as error:
        raise AnsibleFilterError(f"the fleet file {error}") from None


def _problem(error):
    return getattr(error, "problem", None) or "it holds characters that YAML has not"


def _line(mark):
    return f", line {mark.line + 1}" if mark else ""


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"declared_accounts": declared_accounts}
