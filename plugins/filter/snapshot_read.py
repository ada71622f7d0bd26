# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The snapshot that a file holds."""

from __future__ import annotations

DOCUMENTATION = r"""
name: snapshot_read
short_description: The snapshot of a maintenance, from its file's text
version_added: 1.0.0
description:
  - Fails when the text is no snapshot, or is one for other accounts, or an old one.
author:
  - BookieOps contributors (@bookieops)
positional: _input, path, choice
options:
  _input:
    description: The text.
    type: str
    required: true
  path:
    description: The file's path, for the message.
    type: str
    required: true
  choice:
    description:
      - What P(bookieops.betmatic.snapshot_choice#filter) returned.
      - If not set, the snapshot may be for any accounts.
    type: dict
  now:
    description: The time, such as V(2026-11-21T03:00:00Z). If not set, the snapshot may be of any age.
    type: str
  max_hours:
    description: How many hours before O(now) it may have been taken.
    type: float
    default: 24
"""

EXAMPLES = r"""
- name: What ran before a maintenance that was interrupted, if there was one
  ansible.builtin.debug:
    msg: "{{ (lookup('ansible.builtin.file', file) | bookieops.betmatic.snapshot_read(file)).ran }}"
  vars:
    file: "{{ '~/.local/state/bookieops/maintenance.json' | expanduser }}"
  when: file is file
"""

RETURN = r"""
_value:
  description: The snapshot.
  type: dict
  sample: {all_accounts: false, account_ids: ["123", "124"], ran: ["123"], taken: "2026-11-21T03:00:00Z"}
"""

from ansible.errors import AnsibleFilterError

from ..module_utils._errors import InputError
from ..plugin_utils._runbooks import maintenance


def snapshot_read(text, path, choice=None, now=None, max_hours=24):
    """Return the snapshot as a dict."""
    try:
        snapshot = maintenance.read(text, path)
        if choice:
            maintenance.require_same(snapshot, maintenance.Choice(tuple(choice["account_ids"]), choice["all_accounts"]), path)
        if now:
            maintenance.require_recent(snapshot, now, float(max_hours), path)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error
    return snapshot.as_dict()


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"snapshot_read": snapshot_read}
